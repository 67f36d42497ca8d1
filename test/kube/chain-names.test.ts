import { describe, expect, test } from 'vitest';
import { endpointChain, servicePortChain, servicePortHash } from '../../src/kube/chain-names.ts';
import { statistic } from '../../src/kube/rule-text.ts';

describe('names of chains', () => {
  test.each([
    ['ns1/svc1:p80', 'KUBE-SVC-XPGD46QRK7WJZT7O'],
    ['ns2/svc2:p80', 'KUBE-SVC-GNZBNJ2PO5MGZ6GT'],
    ['ns3/svc3:p80', 'KUBE-SVC-X27LE4BHSL4DOUIK'],
    ['ns4/svc4:p80', 'KUBE-SVC-4SW47YFZTEDKD3PK'],
    ['ns5/svc5:p80', 'KUBE-SVC-NUKIZ6OKUXPJNT4C'],
    ['ns4/svc4:p8082', 'KUBE-SVC-EBDQOQU5SJFXRIL3'],
  ])('%s over TCP is %s', (port, name) => {
    expect(servicePortChain('SVC', servicePortHash(port, 'tcp'))).toBe(name);
  });

  test.each([
    ['ns1/svc1:p80', '10.180.0.1:80', 'KUBE-SEP-SXIVWICOYRO3J4NJ'],
    ['ns2/svc2:p80', '10.180.0.2:80', 'KUBE-SEP-RS4RBKLTHTF2IUXJ'],
    ['ns4/svc4:p8082', '10.4.0.1:8082', 'KUBE-SEP-SU5STNODRYEWJAUF'],
    ['ns3/svc3:p8081', '203.0.113.4:8081', 'KUBE-SEP-RUVVH7YV3PHQBDOS'],
    ['ns1/svc1:p80', '10.0.0.0:80', 'KUBE-SEP-DKGQUZGBKLTPAR56'],
  ])('the endpoint of %s at %s is %s', (port, endpoint, name) => {
    expect(endpointChain(port, 'tcp', endpoint)).toBe(name);
  });
});

describe('chance of an endpoint, as iptables-save prints what the kernel kept', () => {
  test.each([
    [2, '0.50000000000'],
    [3, '0.33333333349'],
    [10, '0.10000000009'],
    [4096, '0.00024414062'],
    [100_000, '0.00001000008'],
  ])('one in %i is %s', (count, probability) => {
    expect(statistic(count)).toBe(`-m statistic --mode random --probability ${probability}`);
  });
});
