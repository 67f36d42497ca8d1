/** Whatever the bytes, loading ends in a topology or in issues that have a place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { HEAD, load } from '../io/input.ts';

const sample = `${HEAD}vpcs:
- name: main
  cidrs: [10.1.0.0/16]
  subnets: [{name: a, cidr: 10.1.0.0/20, az: us-east-1a, routeTable: public, tags: {x: y}}]
  internetGateway: {name: igw}
  natGateways: [{name: nat, subnet: a}]
  routeTables: [{name: public, main: true, routes: [{to: 0.0.0.0/0, via: igw}]}]
  securityGroups: [{name: n, ingress: [{protocol: tcp, ports: 80-81, from: sg/n}]}]
  networkAcls: [{name: t, ingress: [{rule: 100, protocol: tcp, ports: 80, cidr: 0.0.0.0/0, action: allow}]}]
cluster: {name: c, subnets: [a], cni: {env: {WARM_ENI_TARGET: 1}}, nodes: [{name: n1, subnet: a, address: 10.1.0.9}]}
hosts: [{name: h, address: 203.0.113.9, listen: [tcp/443]}]
expect: [{from: node/n1, to: "203.0.113.9:443", verdict: reachable}]
variants: {v: {patch: [{op: replace, path: /vpcs/main/securityGroups/n/ingress, value: []}]}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: &l {app: web}}
spec: {replicas: 2, selector: {matchLabels: *l}, template: {metadata: {labels: *l}, spec: {containers: [{name: c, image: i, ports: [{containerPort: 80, name: http}]}]}}}
---
apiVersion: v1
kind: Service
metadata: {name: web}
spec: {selector: {app: web}, ports: [{port: 80, targetPort: http}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {rules: [{host: a.example.com, http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: web, port: {number: 80}}}}]}}]}
`;
const config = `apiVersion: eksctl.io/v1alpha5
kind: ClusterConfig
metadata: {name: e, region: eu-west-1}
availabilityZones: [eu-west-1a, eu-west-1b]
vpc: {cidr: 10.9.0.0/16, nat: {gateway: HighlyAvailable}, clusterEndpoints: {privateAccess: true}}
managedNodeGroups: [{name: m, desiredCapacity: 3, labels: {a: b}, privateNetworking: true, ssh: {allow: true}}]
nodeGroups: [{name: u, minSize: 1, taints: [{key: k, value: v, effect: NoSchedule}]}]
addons: [{name: vpc-cni, configurationValues: "{enableNetworkPolicy: 'true'}"}]
`;

function survives(content: string | Uint8Array): void {
  const parsed = load({ 'vpcsim.yaml': content }, 'vpcsim.yaml', { variant: 'v' });
  if (parsed.ok) return;
  expect(parsed.issues.length).toBeGreaterThan(0);
  for (const issue of parsed.issues) expect(issue.code).toMatch(/^[a-z0-9]+\/[a-z0-9-]+$/);
}

/** The text with a few spans cut out, doubled, or replaced by `put`. */
function mutate(text: string, cuts: readonly (readonly [number, number, string])[]): string {
  return cuts.reduce((changed, [at, length, put]) => {
    const start = Math.floor(at * changed.length);
    return changed.slice(0, start) + put + changed.slice(start + length);
  }, text);
}

const fragments = [
  '',
  '[',
  '{',
  '}',
  ': ',
  '- ',
  '\n',
  '\t',
  '&a ',
  '*a',
  '*l',
  '<<: ',
  '"',
  "'",
  '|\n',
  '!x ',
  '---\n',
  'null',
  '~',
];
const values = [
  '-1',
  '1e999',
  '.nan',
  '10.1.0.1/16',
  '::/0',
  '__proto__',
  'constructor',
  '{}',
  '[]',
  'true',
  '0x10',
  '# ',
];
const cut = fc.tuple(
  fc.double({ min: 0, max: 0.999, noNaN: true }),
  fc.integer({ min: 0, max: 12 }),
  fc.constantFrom(...fragments, ...values),
);

describe('loading never throws', () => {
  test('on random bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), survives));
  });

  test('on random text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), survives));
  });

  test('on a topology with a few slips in it', () => {
    const slips = fc.array(cut, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(slips, (cuts) => survives(mutate(sample, cuts))),
      { numRuns: 300 },
    );
  });

  test('on an eksctl config with a few slips in it', () => {
    const slips = fc.array(cut, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(slips, (cuts) => survives(mutate(config, cuts))),
      { numRuns: 300 },
    );
  });

  test('on any value under any key of a topology', () => {
    const keys = [
      'vpcs',
      'cluster',
      'hosts',
      'instances',
      'expect',
      'variants',
      'include',
      'manifests',
      'eksctl',
    ];
    const property = fc.property(fc.constantFrom(...keys), fc.jsonValue(), (key, value) =>
      survives(`${HEAD}${key}: ${JSON.stringify(value)}\n`),
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('on any value in any place of a manifest', () => {
    const kinds = ['v1/Pod', 'v1/Service', 'apps/v1/Deployment', 'batch/v1/Job', 'v1/Endpoints', 'v1/List'];
    const property = fc.property(
      fc.constantFrom(...kinds),
      fc.jsonValue(),
      fc.jsonValue(),
      (kind, spec, metadata) => {
        const slash = kind.lastIndexOf('/');
        const object = {
          apiVersion: kind.slice(0, slash),
          kind: kind.slice(slash + 1),
          metadata,
          spec,
          items: spec,
        };
        survives(JSON.stringify(object));
      },
    );
    fc.assert(property, { numRuns: 300 });
  });

  test('on the unharmed samples, which load', () => {
    expect(load({ 'vpcsim.yaml': sample }).ok).toBe(true);
    expect(load({ 'vpcsim.yaml': config }).ok).toBe(true);
  });
});
