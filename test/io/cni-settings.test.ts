/** Values of the VPC CNI's settings that it does not take. */
import { describe, expect, test } from 'vitest';
import { HEAD, load } from './input.ts';

const VPC = 'vpcs: [{name: v, cidrs: [10.1.0.0/16], subnets: [{name: a, cidr: 10.1.0.0/20}]}]\n';

/** What is said of settings, as "severity code message". */
function said(env: string): string[] {
  const parsed = load({ 'vpcsim.yaml': `${HEAD}${VPC}cluster: {cni: {env: {${env}}}}\n` });
  const all = parsed.ok ? parsed.warnings : parsed.issues;
  return all
    .filter(({ code }) => code.startsWith('cni/'))
    .map(({ severity, at, message }) => `${severity} ${at?.line}:${at?.column} ${message}`);
}

describe('a value that the CNI takes for another one is warned of', () => {
  test.each([
    ['AWS_VPC_K8S_CNI_EXTERNALSNAT: "yes"', '"yes" is no truth value: the VPC CNI takes false'],
    ['AWS_VPC_CNI_NODE_PORT_SUPPORT: "off"', '"off" is no truth value: the VPC CNI takes true'],
    [
      'AWS_VPC_K8S_CNI_RANDOMIZESNAT: full',
      '"full" is none of prng, hashrandom and none: the VPC CNI takes prng',
    ],
    ['AWS_VPC_K8S_CNI_CONNMARK: 0x100000000', 'is no positive number of 32 bits: the VPC CNI takes 0x80'],
    ['AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: "10.0.0.0/8, 10.0.0.1"', '"10.0.0.1", which is no block'],
    [
      'AWS_EXTERNAL_SERVICE_CIDRS: "fd00::/8"',
      'has a block of IPv6, fd00::/8: the VPC CNI takes the other blocks',
    ],
    ['WARM_IP_TARGET: few', '"few" is no whole number: the VPC CNI takes the default'],
  ])('%s', (env, message) => {
    const [only, ...others] = said(env);
    expect(others).toEqual([]);
    expect(only).toMatch(/^warning 5:\d+ /);
    expect(only).toContain(message);
  });
});

describe('with others aws-node ends, and that is a mistake', () => {
  test.each([
    ['AWS_VPC_K8S_CNI_VETHPREFIX: longer'],
    ['AWS_VPC_K8S_CNI_VETHPREFIX: eth'],
    ['AWS_VPC_ENI_MTU: 9002'],
    ['POD_MTU: 575'],
    ['IP_COOLDOWN_PERIOD: -1'],
    ['AWS_VPC_K8S_PLUGIN_LOG_FILE: stdout'],
  ])('%s', (env) => {
    expect(said(env)).toEqual([expect.stringMatching(/^error 5:\d+ .*aws-node ends at once/)]);
  });
});

test('what it takes is not remarked upon', () => {
  const good = [
    'AWS_VPC_K8S_CNI_EXTERNALSNAT: T',
    'AWS_VPC_K8S_CNI_CONNMARK: "0b1"',
    'AWS_VPC_K8S_CNI_EXCLUDE_SNAT_CIDRS: "10.0.0.1/8 , 0.0.0.0/0"',
    'AWS_VPC_K8S_CNI_VETHPREFIX: pod',
    'AWS_VPC_ENI_MTU: 1500',
    'WARM_IP_TARGET: 5',
    'ENABLE_POD_ENI: false',
  ];
  expect(said(good.join(', '))).toEqual([]);
});
