/** ENIConfigs, SecurityGroupPolicies and the service accounts they select by. */
import { describe, expect, test } from 'vitest';
import { type FileMap, good, issues } from './input.ts';

const topology = `apiVersion: vpcsim/v1
kind: Topology
metadata: {name: t}
vpcs:
  - name: v
    cidrs: [10.0.0.0/16]
    subnets: [{name: pods-a, cidr: 10.0.0.0/24}, {name: pods-b, cidr: 10.0.1.0/24}]
    securityGroups: [{name: nodes}, {name: database}]
cluster:
  nodes: [{name: n, subnet: pods-a, securityGroups: [nodes]}]
manifests: [m.yaml]
`;

const eniConfig = (spec: string, name = 'a') =>
  `apiVersion: crd.k8s.amazonaws.com/v1alpha1\nkind: ENIConfig\nmetadata: {name: ${name}}\nspec: ${spec}\n`;
const policy = (spec: string) =>
  `apiVersion: vpcresources.k8s.aws/v1beta1\nkind: SecurityGroupPolicy\nmetadata: {name: p}\nspec: ${spec}\n`;
const files = (...manifests: string[]): FileMap => ({
  'vpcsim.yaml': topology,
  'm.yaml': manifests.join('---\n'),
});
const lines = (...manifests: string[]) =>
  issues(files(...manifests)).map(
    ({ at, code, hint }) => `${at?.file}:${at?.line}:${at?.column} ${code}${hint ? ` | ${hint}` : ''}`,
  );
const warnings = (...manifests: string[]) =>
  good(files(...manifests)).warnings.map(({ code, message }) => `${code} ${message}`);

describe('an ENIConfig', () => {
  test('names the subnet and the groups of pods, and is in no namespace', () => {
    const { objects } = good(files(eniConfig('{subnet: pods-b, securityGroups: [database]}')));
    expect(objects.eniConfigs).toMatchObject([
      { metadata: { name: 'a', namespace: '' }, subnet: 'pods-b', securityGroups: ['database'] },
    ]);
    expect(objects.namespaces.map(({ metadata }) => metadata.name)).not.toContain('');
  });

  test('without groups leaves the pods those of the node', () => {
    const { objects } = good(files(eniConfig('{subnet: pods-b}')));
    expect(objects.eniConfigs[0]?.securityGroups).toEqual([]);
  });

  test('must name a subnet and groups of the VPC', () => {
    expect(lines(eniConfig('{subnet: pod-b, securityGroups: [nodes, databse]}'))).toEqual([
      'm.yaml:4:16 topology/unknown-reference | did you mean pods-b, pods-a?',
      'm.yaml:4:47 topology/unknown-reference | did you mean database?',
    ]);
  });

  test('must have a subnet', () => {
    expect(lines(eniConfig('{securityGroups: [nodes]}'))).toEqual(['m.yaml:4:7 k8s/missing-field']);
  });

  test('has one group and version', () => {
    const wrong = eniConfig('{subnet: pods-a}').replace('v1alpha1', 'v1');
    expect(lines(wrong)).toEqual([
      'm.yaml:1:13 k8s/wrong-api-version | write apiVersion: crd.k8s.amazonaws.com/v1alpha1',
    ]);
  });
});

describe('a SecurityGroupPolicy', () => {
  test('selects pods by their labels and by those of their service account', () => {
    const { objects } = good(
      files(
        policy(
          '{podSelector: {matchLabels: {app: web}}, serviceAccountSelector: {matchExpressions: ' +
            '[{key: team, operator: Exists}]}, securityGroups: {groupIds: [database]}}',
        ),
        'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: web, labels: {team: a}}\n',
        'apiVersion: v1\nkind: Pod\nmetadata: {name: w}\nspec: {serviceAccountName: web, containers: [{name: c}]}\n',
        'apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c}]}\n',
      ),
    );
    expect(objects.securityGroupPolicies).toMatchObject([
      {
        metadata: { name: 'p', namespace: 'default' },
        podSelector: { matchLabels: { app: 'web' }, matchExpressions: [] },
        serviceAccountSelector: { matchExpressions: [{ key: 'team', operator: 'Exists', values: [] }] },
        groupIds: ['database'],
      },
    ]);
    expect(objects.serviceAccounts[0]?.metadata.labels).toEqual({ team: 'a' });
    expect(objects.pods.map(({ spec }) => spec.serviceAccountName)).toEqual(['web', undefined]);
  });

  test('must name groups of the VPC, at least one', () => {
    expect(lines(policy('{podSelector: {}, securityGroups: {groupIds: [node]}}'))).toEqual([
      'm.yaml:4:53 topology/unknown-reference | did you mean nodes?',
    ]);
    expect(lines(policy('{podSelector: {}, securityGroups: {groupIds: []}}'))).toEqual([
      'm.yaml:4:52 k8s/invalid-value',
    ]);
  });

  test('that selects nothing or has no groups is passed over, and that is told', () => {
    expect(warnings(policy('{securityGroups: {groupIds: [nodes]}}'))).toContain(
      'eks/policy-without-effect SecurityGroupPolicy default/p has no selector and is passed over',
    );
    expect(warnings(policy('{podSelector: {}}'))).toContain(
      'eks/policy-without-effect SecurityGroupPolicy default/p has no groups and is passed over',
    );
  });

  test('has no version v1', () => {
    expect(lines(policy('{podSelector: {}}').replace('v1beta1', 'v1'))).toEqual([
      'm.yaml:1:13 k8s/wrong-api-version | write apiVersion: vpcresources.k8s.aws/v1beta1',
    ]);
  });
});

describe('a container that asks for branch ENIs itself', () => {
  const pod = (limit: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: x}\nspec: {containers: [{name: c, resources: {limits: {vpc.amazonaws.com/pod-eni: ${limit}}}}]}\n`;

  test('asks for whole ones', () => {
    expect(good(files(pod('"1"'))).objects.pods[0]?.spec.containers[0]?.limits).toEqual({ podEnis: 1 });
    expect(lines(pod('1500m'))).toEqual(['m.yaml:4:79 k8s/invalid-quantity | a whole number']);
  });
});
