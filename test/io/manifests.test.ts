import { describe, expect, test } from 'vitest';
import { faults, good, issues } from './input.ts';

const pod = (spec: string, name = 'p') =>
  `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const service = (spec: string, name = 's') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const deployment = (spec: string, kind = 'Deployment') =>
  `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: d}\nspec: ${spec}\n`;
const template = '{metadata: {labels: {app: web}}, spec: {containers: [{name: c, image: nginx}]}}';
const several = (...documents: string[]) => documents.join('---\n');

describe('manifests are read as the API server would', () => {
  test('a pod gets the defaults of Kubernetes', () => {
    const { objects } = good(
      pod('{hostNetwork: true, containers: [{name: c, ports: [{containerPort: 80}]}]}'),
    );
    const [read] = objects.pods;
    expect(read?.metadata).toEqual({ name: 'p', namespace: 'default', labels: {}, annotations: {} });
    expect(read?.spec.dnsPolicy).toBe('ClusterFirst');
    expect(read?.spec.containers[0]?.ports).toEqual([{ containerPort: 80, hostPort: 80, protocol: 'TCP' }]);
  });

  test('a limit without a request is the request too', () => {
    const resources = '{limits: {cpu: 500m, memory: 128Mi}, requests: {cpu: 250m}}';
    const { objects } = good(pod(`{containers: [{name: c, resources: ${resources}}]}`));
    const [container] = objects.pods[0]!.spec.containers;
    expect(container?.requests).toEqual({ cpuMillis: 250, memoryBytes: 134217728 });
    expect(container?.limits).toEqual({ cpuMillis: 500, memoryBytes: 134217728 });
  });

  test('a Deployment has one replica unless it says, and that is told', () => {
    const topology = good(deployment(`{selector: {matchLabels: {app: web}}, template: ${template}}`));
    expect(topology.objects.workloads[0]?.replicas).toBe(1);
    expect(topology.defaults).toContainEqual({
      path: 'Deployment/default/d.spec.replicas',
      value: '1',
      by: 'Kubernetes',
    });
  });

  test('a Job runs as many pods at once as it still has to complete', () => {
    const job = (spec: string) => `apiVersion: batch/v1\nkind: Job\nmetadata: {name: j}\nspec: ${spec}\n`;
    const never = '{spec: {restartPolicy: Never, containers: [{name: c}]}}';
    const { objects } = good(job(`{parallelism: 5, completions: 2, template: ${never}}`));
    expect(objects.workloads[0]?.replicas).toBe(2);
    expect(objects.workloads[0]?.selector.matchLabels).toEqual({ 'batch.kubernetes.io/job-name': 'j' });
    expect(faults(job('{template: {spec: {containers: [{name: c}]}}}'))).toEqual([
      'vpcsim.yaml:4:25 k8s/invalid-value',
    ]);
  });

  test('a Service port targets itself, and traffic policies are Cluster', () => {
    const { objects } = good(service('{selector: {app: web}, ports: [{port: 80}]}'));
    expect(objects.services[0]).toMatchObject({
      type: 'ClusterIP',
      ports: [{ name: '', protocol: 'TCP', port: 80, targetPort: 80 }],
      externalTrafficPolicy: 'Cluster',
      internalTrafficPolicy: 'Cluster',
      sessionAffinity: 'None',
      sessionAffinityTimeoutSeconds: 10800,
      allocateLoadBalancerNodePorts: true,
    });
  });

  test('Endpoints become a slice of their Service', () => {
    const text = `apiVersion: v1\nkind: Endpoints\nmetadata: {name: db}\nsubsets: [{addresses: [{ip: 10.1.0.9}], notReadyAddresses: [{ip: 10.1.0.8}], ports: [{port: 5432}]}]\n`;
    const [slice] = good(text).objects.endpointSlices;
    expect(slice?.service).toBe('db');
    expect(slice?.endpoints.map(({ addresses, ready }) => [addresses[0], ready])).toEqual([
      ['10.1.0.9', true],
      ['10.1.0.8', false],
    ]);
  });

  test('a list holds objects, a typed list without their kinds', () => {
    const list =
      'apiVersion: v1\nkind: PodList\nitems: [{metadata: {name: a}, spec: {containers: [{name: c}]}}]\n';
    expect(good(list).objects.pods.map(({ metadata }) => metadata.name)).toEqual(['a']);
    const mixed = `apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Namespace, metadata: {name: n}}\n`;
    expect(good(mixed).objects.namespaces.map(({ metadata }) => metadata.name)).toContain('n');
  });

  test('kinds without bearing on the network are counted, custom ones included', () => {
    const text = several(
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n',
      'apiVersion: karpenter.sh/v1\nkind: NodePool\nmetadata: {name: c}\n',
      'apiVersion: serving.knative.dev/v1\nkind: Service\nmetadata: {name: d}\n',
    );
    expect(good(text).objects.ignored).toEqual([
      { kind: 'ConfigMap', count: 2 },
      { kind: 'NodePool', count: 1 },
      { kind: 'Service', count: 1 },
    ]);
  });

  test('every cluster has its four namespaces, labelled with their names', () => {
    const { objects } = good(pod('{containers: [{name: c}]}'));
    const names = objects.namespaces.map(({ metadata }) => metadata.labels['kubernetes.io/metadata.name']);
    expect(names).toEqual(['default', 'kube-node-lease', 'kube-public', 'kube-system']);
  });

  test('an empty value is no value', () => {
    expect(faults(pod('\n  nodeSelector:\n  containers:\n  - name: c\n    ports:\n'))).toEqual([]);
  });

  test('a folder of manifests is a default cluster in the VPC of eksctl', () => {
    const files = {
      'k8s/a.yaml': pod('{containers: [{name: c}]}'),
      'k8s/b.yml': service('{ports: [{port: 80}]}'),
    };
    const topology = good(files, 'k8s');
    expect(topology.cluster?.nodeGroups.map(({ instanceType, desired }) => [instanceType, desired])).toEqual([
      ['m5.large', 2],
    ]);
    expect(topology.vpcs[0]?.subnets).toHaveLength(4);
    expect([topology.objects.pods.length, topology.objects.services.length]).toEqual([1, 1]);
  });
});

describe('a manifest that the API server refuses', () => {
  test.each([
    [
      'Kind: pod',
      'apiVersion: v1\nKind: pod\nmetadata: {name: p}\n',
      '2:1 k8s/wrong-kind',
      'write kind: Pod',
    ],
    [
      'Kind: Namespace',
      'apiVersion: v1\nKind: Namespace\nmetadata: {name: p}\n',
      '2:1 k8s/wrong-kind',
      'write kind: Namespace',
    ],
    [
      'kind: pod',
      'apiVersion: v1\nkind: pod\nmetadata: {name: p}\n',
      '2:7 k8s/wrong-kind',
      'write kind: Pod',
    ],
    [
      'kind: Deploymnet',
      'apiVersion: apps/v1\nkind: Deploymnet\nmetadata: {name: p}\n',
      '2:7 k8s/wrong-kind',
      'write kind: Deployment',
    ],
    [
      'no kind',
      'apiVersion: v1\nmetadata: {name: p}\n',
      '1:1 k8s/missing-kind',
      'every manifest begins like this: apiVersion: v1, kind: Pod',
    ],
    [
      'no apiVersion',
      'kind: Deployment\nmetadata: {name: p}\n',
      '1:1 k8s/missing-api-version',
      'write apiVersion: apps/v1',
    ],
    [
      'the wrong group',
      'apiVersion: v1\nkind: Deployment\nmetadata: {name: p}\n',
      '1:13 k8s/wrong-api-version',
      'write apiVersion: apps/v1',
    ],
    [
      'a group of the past',
      'apiVersion: extensions/v1beta1\nkind: Ingress\nmetadata: {name: p}\n',
      '1:13 k8s/wrong-api-version',
      'write apiVersion: networking.k8s.io/v1',
    ],
    [
      'a group with a slip',
      'apiVersion: app/v1\nkind: Deployment\nmetadata: {name: p}\n',
      '1:13 k8s/wrong-api-version',
      'write apiVersion: apps/v1',
    ],
    [
      'a misspelt field',
      pod('{containres: [{name: c}], containers: [{name: c}]}'),
      '4:8 k8s/unknown-field',
      'did you mean containers?',
    ],
    [
      'text for a number',
      pod('{containers: [{name: c, ports: [{containerPort: "80"}]}]}'),
      '4:55 k8s/wrong-type',
      'leave out the quotes: 80',
    ],
    [
      'a number for text',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: p, labels: {a: 1}}\n',
      '3:33 k8s/wrong-type',
      'put it in quotes: "1"',
    ],
    [
      'a name in capitals',
      pod('{containers: [{name: c}]}', 'Web'),
      '3:18 k8s/invalid-name',
      'did you mean web?',
    ],
    [
      'a selector that selects other pods',
      deployment(`{selector: {matchLabels: {app: api}}, template: ${template}}`),
      '4:18 k8s/selector-mismatch',
      'selector app=api, template app=web',
    ],
    [
      'a quantity',
      pod('{containers: [{name: c, resources: {requests: {cpu: 100mm}}}]}'),
      '4:59 k8s/invalid-quantity',
      'such as 250m or 0.5',
    ],
    [
      'a quoted target port',
      service('{ports: [{port: 80, targetPort: "8080"}]}'),
      '4:39 k8s/invalid-value',
      'leave out the quotes: 8080',
    ],
    [
      'a node port of a ClusterIP Service',
      service('{ports: [{port: 80, nodePort: 30007}]}'),
      '4:37 k8s/invalid-value',
      'write type: NodePort',
    ],
  ])('%s', (_, text, fault, hint) => {
    expect(faults(text)).toEqual([`vpcsim.yaml:${fault}`]);
    expect(issues(text)[0]?.hint).toBe(hint);
  });

  test.each([
    [
      'a node port outside the range',
      service('{type: NodePort, ports: [{port: 80, nodePort: 80}]}'),
      '4:53 k8s/invalid-value',
    ],
    [
      'several ports without names',
      service('{ports: [{port: 80, name: a}, {port: 81}]}'),
      '4:37 k8s/missing-field',
    ],
    ['a Service without ports', service('{selector: {a: b}}'), '4:7 k8s/missing-field'],
    [
      'a clusterIP outside the service range',
      service('{clusterIP: 10.1.2.3, ports: [{port: 80}]}'),
      '4:19 k8s/cluster-ip-range',
    ],
    [
      'the clusterIP of CoreDNS',
      service('{clusterIP: 10.100.0.10, ports: [{port: 80}]}'),
      '4:19 k8s/duplicate',
    ],
    [
      'a node port given twice',
      several(
        service('{type: NodePort, ports: [{port: 80, nodePort: 30007}]}'),
        service('{type: NodePort, ports: [{port: 80, nodePort: 30007}]}', 't'),
      ),
      '9:53 k8s/duplicate',
    ],
    [
      'two objects of one name',
      several(pod('{containers: [{name: c}]}'), pod('{containers: [{name: c}]}')),
      '8:18 k8s/duplicate',
    ],
    ['two containers of one name', pod('{containers: [{name: c}, {name: c}]}'), '4:39 k8s/duplicate'],
    ['a pod without containers', pod('{nodeName: n}'), '4:7 k8s/missing-field'],
    [
      'an Ingress path without a slash',
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {rules: [{http: {paths: [{path: app, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}\n`,
      '4:39 k8s/invalid-value',
    ],
    [
      'an Ingress backend without port',
      `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: i}\nspec: {defaultBackend: {service: {name: s}}}\n`,
      '4:34 k8s/missing-field',
    ],
  ])('%s', (_, text, fault) => {
    expect(faults(text)).toEqual([`vpcsim.yaml:${fault}`]);
  });

  test('a field newer than this program is told, not refused', () => {
    const topology = good(pod('{zzzNewThing: 1, containers: [{name: c}]}'));
    expect(topology.warnings.map(({ code }) => code)).toEqual(['k8s/unknown-field']);
  });
});

describe('a ServiceCIDR', () => {
  const service = (clusterIP: string) => `apiVersion: v1
kind: Service
metadata: {name: s}
spec: {clusterIP: ${clusterIP}, ports: [{port: 80}]}
`;
  const range = (cidrs: string) => `apiVersion: networking.k8s.io/v1
kind: ServiceCIDR
metadata: {name: more}
spec: {cidrs: ${cidrs}}
---
`;
  const codes = (text: string) => issues({ 'web.yaml': text }, 'web.yaml').map(({ code }) => code);

  test('is a further range of ClusterIPs', () => {
    expect(codes(service('203.0.113.5'))).toEqual(['k8s/cluster-ip-range']);
    expect(codes(range('[203.0.113.0/24]') + service('203.0.113.5'))).toEqual([]);
  });

  test.each(['[203.0.113.5/24]', '[203.0.113.5]', '[203.0.113.0/24, 198.51.100.0/24]', '[x]'])(
    'with %s is a mistake',
    (cidrs) => {
      expect(codes(range(cidrs))).toEqual(['k8s/invalid-value']);
    },
  );

  test('may have one block of each family', () => {
    expect(codes(range('[203.0.113.0/24, "fd00::/108"]'))).toEqual([]);
  });
});
