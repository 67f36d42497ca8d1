/** Rule text, from the unit tests of kube-proxy (pkg/proxy/iptables) in the spelling of iptables-save. */
import { describe, expect, test } from 'vitest';
import type { Service } from '../../src/api/objects.ts';
import { eksKubeProxy } from '../../src/kube/kube-proxy-config.ts';
import { endpoint, service, slice } from './objects.ts';
import { CLUSTER_CIDR, NODE, rulesOn } from './proxy-node.ts';

/** The Services svc1 to svc6 of upstream's tests: port p80 of namespace nsN at 172.30.0.4N. */
function svc(n: number, more: Partial<Service> = {}): Service {
  return {
    ...service(`svc${n}`, { clusterIP: `172.30.0.4${n}`, ports: port80(undefined), ...more }),
    metadata: { name: `svc${n}`, namespace: `ns${n}`, labels: {}, annotations: {} },
  };
}

function port80(nodePort: number | undefined): Service['ports'] {
  return [{ name: 'p80', protocol: 'TCP', port: 80, targetPort: 80, nodePort }];
}

const remoteLocal = svc(2, {
  type: 'LoadBalancer',
  ports: port80(3001),
  externalIPs: ['192.168.99.22'],
  loadBalancerIngress: [{ ip: '1.2.3.4' }],
  externalTrafficPolicy: 'Local',
  healthCheckNodePort: 30000,
});
const restricted = svc(5, {
  type: 'LoadBalancer',
  ports: port80(3002),
  loadBalancerIngress: [{ ip: '5.6.7.8' }],
  loadBalancerSourceRanges: ['203.0.113.0/25'],
  sessionAffinity: 'ClientIP',
});
const services = [
  svc(1),
  remoteLocal,
  svc(3, { type: 'NodePort', ports: port80(3003) }),
  svc(4, { type: 'NodePort', externalIPs: ['192.168.99.33'] }),
  restricted,
  svc(6),
];
const slices = [
  slice(services[0]!, [endpoint('10.180.0.1')]),
  slice(services[1]!, [endpoint('10.180.0.2')]),
  slice(services[2]!, [endpoint('10.180.0.3')]),
  slice(services[3]!, [endpoint('10.180.0.4'), endpoint('10.180.0.5 on test-node')]),
  slice(services[4]!, [endpoint('10.180.0.3')]),
];

describe('six Services of every flavour, pods in 10.0.0.0/8', () => {
  const chains = rulesOn(services, slices, CLUSTER_CIDR);

  test('KUBE-SERVICES sends each address to its chain, and everything local to KUBE-NODEPORTS last', () => {
    expect(chains.get('nat/KUBE-SERVICES')).toEqual([
      '-d 172.30.0.41/32 -p tcp -m comment --comment "ns1/svc1:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-XPGD46QRK7WJZT7O',
      '-d 172.30.0.42/32 -p tcp -m comment --comment "ns2/svc2:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-GNZBNJ2PO5MGZ6GT',
      '-d 192.168.99.22/32 -p tcp -m comment --comment "ns2/svc2:p80 external IP" -m tcp --dport 80 -j KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      '-d 1.2.3.4/32 -p tcp -m comment --comment "ns2/svc2:p80 loadbalancer IP" -m tcp --dport 80 -j KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      '-d 172.30.0.43/32 -p tcp -m comment --comment "ns3/svc3:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-X27LE4BHSL4DOUIK',
      '-d 172.30.0.44/32 -p tcp -m comment --comment "ns4/svc4:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-4SW47YFZTEDKD3PK',
      '-d 192.168.99.33/32 -p tcp -m comment --comment "ns4/svc4:p80 external IP" -m tcp --dport 80 -j KUBE-EXT-4SW47YFZTEDKD3PK',
      '-d 172.30.0.45/32 -p tcp -m comment --comment "ns5/svc5:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-NUKIZ6OKUXPJNT4C',
      '-d 5.6.7.8/32 -p tcp -m comment --comment "ns5/svc5:p80 loadbalancer IP" -m tcp --dport 80 -j KUBE-FW-NUKIZ6OKUXPJNT4C',
      '-m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
    ]);
    expect(chains.get('nat/KUBE-NODEPORTS')).toEqual([
      '-p tcp -m comment --comment "ns2/svc2:p80" -m tcp --dport 3001 -j KUBE-EXT-GNZBNJ2PO5MGZ6GT',
      '-p tcp -m comment --comment "ns3/svc3:p80" -m tcp --dport 3003 -j KUBE-EXT-X27LE4BHSL4DOUIK',
      '-p tcp -m comment --comment "ns5/svc5:p80" -m tcp --dport 3002 -j KUBE-EXT-NUKIZ6OKUXPJNT4C',
    ]);
  });

  test('a Service without endpoints is rejected, one without local endpoints dropped from outside', () => {
    expect(chains.get('filter/KUBE-SERVICES')).toEqual([
      '-d 172.30.0.46/32 -p tcp -m comment --comment "ns6/svc6:p80 has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
    ]);
    expect(chains.get('filter/KUBE-EXTERNAL-SERVICES')).toEqual([
      '-d 192.168.99.22/32 -p tcp -m comment --comment "ns2/svc2:p80 has no local endpoints" -m tcp --dport 80 -j DROP',
      '-d 1.2.3.4/32 -p tcp -m comment --comment "ns2/svc2:p80 has no local endpoints" -m tcp --dport 80 -j DROP',
      '-p tcp -m comment --comment "ns2/svc2:p80 has no local endpoints" -m addrtype --dst-type LOCAL -m tcp --dport 3001 -j DROP',
    ]);
  });

  test('health checks are let in, and source ranges end in a drop of the filter table', () => {
    expect(chains.get('filter/KUBE-NODEPORTS')).toEqual([
      '-p tcp -m comment --comment "ns2/svc2:p80 health check node port" -m tcp --dport 30000 -j ACCEPT',
    ]);
    expect(chains.get('filter/KUBE-PROXY-FIREWALL')).toEqual([
      '-d 5.6.7.8/32 -p tcp -m comment --comment "ns5/svc5:p80 traffic not accepted by KUBE-FW-NUKIZ6OKUXPJNT4C" -m tcp --dport 80 -j DROP',
    ]);
    expect(chains.get('nat/KUBE-FW-NUKIZ6OKUXPJNT4C')).toEqual([
      '-s 203.0.113.0/25 -m comment --comment "ns5/svc5:p80 loadbalancer IP" -j KUBE-EXT-NUKIZ6OKUXPJNT4C',
      '-m comment --comment "other traffic to ns5/svc5:p80 will be dropped by KUBE-PROXY-FIREWALL"',
    ]);
  });

  test('under the external policy Local, pods and the node itself are short-circuited to all endpoints', () => {
    expect(chains.get('nat/KUBE-EXT-GNZBNJ2PO5MGZ6GT')).toEqual([
      '-s 10.0.0.0/8 -m comment --comment "pod traffic for ns2/svc2:p80 external destinations" -j KUBE-SVC-GNZBNJ2PO5MGZ6GT',
      '-m comment --comment "masquerade LOCAL traffic for ns2/svc2:p80 external destinations" -m addrtype --src-type LOCAL -j KUBE-MARK-MASQ',
      '-m comment --comment "route LOCAL traffic for ns2/svc2:p80 external destinations" -m addrtype --src-type LOCAL -j KUBE-SVC-GNZBNJ2PO5MGZ6GT',
    ]);
  });

  test('under the external policy Cluster all of it is marked for SNAT', () => {
    expect(chains.get('nat/KUBE-EXT-X27LE4BHSL4DOUIK')).toEqual([
      '-m comment --comment "masquerade traffic for ns3/svc3:p80 external destinations" -j KUBE-MARK-MASQ',
      '-j KUBE-SVC-X27LE4BHSL4DOUIK',
    ]);
  });

  test('endpoints are chosen by chance, and a hairpin is marked for SNAT', () => {
    expect(chains.get('nat/KUBE-SVC-4SW47YFZTEDKD3PK')).toEqual([
      '! -s 10.0.0.0/8 -d 172.30.0.44/32 -p tcp -m comment --comment "ns4/svc4:p80 cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
      '-m comment --comment "ns4/svc4:p80 -> 10.180.0.4:80" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-UKSFD7AGPMPPLUHC',
      '-m comment --comment "ns4/svc4:p80 -> 10.180.0.5:80" -j KUBE-SEP-C6EBXVWJJZMIWKLZ',
    ]);
    expect(chains.get('nat/KUBE-SEP-UKSFD7AGPMPPLUHC')).toEqual([
      '-s 10.180.0.4/32 -m comment --comment "ns4/svc4:p80" -j KUBE-MARK-MASQ',
      '-p tcp -m comment --comment "ns4/svc4:p80" -m tcp -j DNAT --to-destination 10.180.0.4:80',
    ]);
  });

  test('session affinity looks for a remembered endpoint before it draws one', () => {
    const sep = 'KUBE-SEP-I77PXRDZVX7PMWMN';
    expect(chains.get('nat/KUBE-SVC-NUKIZ6OKUXPJNT4C')!.slice(1)).toEqual([
      `-m comment --comment "ns5/svc5:p80 -> 10.180.0.3:80" -m recent --rcheck --seconds 10800 --reap --name ${sep} --mask 255.255.255.255 --rsource -j ${sep}`,
      `-m comment --comment "ns5/svc5:p80 -> 10.180.0.3:80" -j ${sep}`,
    ]);
    expect(chains.get(`nat/${sep}`)![1]).toBe(
      `-p tcp -m comment --comment "ns5/svc5:p80" -m recent --set --name ${sep} --mask 255.255.255.255 --rsource -m tcp -j DNAT --to-destination 10.180.0.3:80`,
    );
  });

  test('fixed chains', () => {
    expect(chains.get('nat/KUBE-MARK-MASQ')).toEqual(['-j MARK --set-xmark 0x4000/0x4000']);
    expect(chains.get('nat/KUBE-POSTROUTING')).toEqual([
      '-m mark ! --mark 0x4000/0x4000 -j RETURN',
      '-j MARK --set-xmark 0x4000/0x0',
      '-m comment --comment "kubernetes service traffic requiring SNAT" -j MASQUERADE --random-fully',
    ]);
    expect(chains.get('filter/KUBE-FORWARD')).toEqual([
      '-m conntrack --ctstate INVALID -j DROP',
      '-m comment --comment "kubernetes forwarding rules" -m mark --mark 0x4000/0x4000 -j ACCEPT',
      '-m comment --comment "kubernetes forwarding conntrack rule" -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    ]);
    expect(chains.get('filter/KUBE-FIREWALL')).toHaveLength(1);
    expect(['mangle', 'nat', 'filter'].map((table) => chains.get(`${table}/KUBE-PROXY-CANARY`))).toEqual([
      [],
      [],
      [],
    ]);
  });
});

describe('settings', () => {
  test('on EKS nothing tells pods from others: a ClusterIP is never a reason for SNAT', () => {
    const chains = rulesOn(services, slices, eksKubeProxy);
    expect(chains.get('nat/KUBE-SVC-XPGD46QRK7WJZT7O')).toHaveLength(1);
    expect(chains.get('nat/KUBE-EXT-GNZBNJ2PO5MGZ6GT')).toHaveLength(2);
    expect(chains.has('filter/KUBE-FIREWALL')).toBe(false);
  });

  test('masqueradeAll marks all traffic to a ClusterIP', () => {
    const chains = rulesOn(services, slices, { ...CLUSTER_CIDR, masqueradeAll: true });
    expect(chains.get('nat/KUBE-SVC-XPGD46QRK7WJZT7O')![0]).toBe(
      '-d 172.30.0.41/32 -p tcp -m comment --comment "ns1/svc1:p80 cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ',
    );
  });

  test('nodePortAddresses name the node addresses that answer, loopback only where it is switched on', () => {
    const listed = { ...eksKubeProxy, nodePortAddresses: ['192.168.0.0/24', '127.0.0.1/32'] };
    const tail = (config: typeof listed) =>
      rulesOn(services, slices, config)
        .get('nat/KUBE-SERVICES')!
        .filter((text) => text.endsWith('-j KUBE-NODEPORTS'))
        .map((text) => text.split(' ').slice(0, 2).join(' '));
    expect(tail(listed)).toEqual(['-d 192.168.0.2/32', '-d 127.0.0.1/32']);
    expect(tail({ ...listed, localhostNodePorts: false })).toEqual(['-d 192.168.0.2/32']);
  });

  test('a source range that holds the node lets it reach the load balancer address bound on it', () => {
    const near = { ...NODE, primaryAddress: '203.0.113.9' };
    expect(
      rulesOn([restricted], [slice(restricted, [endpoint('10.180.0.3')])], CLUSTER_CIDR, near).get(
        'nat/KUBE-FW-NUKIZ6OKUXPJNT4C',
      )![1],
    ).toBe('-s 5.6.7.8/32 -m comment --comment "ns5/svc5:p80 loadbalancer IP" -j KUBE-EXT-NUKIZ6OKUXPJNT4C');
  });

  test('beyond 1,000 endpoints the rules of endpoints have no comments', () => {
    const big = svc(1);
    const many = Array.from({ length: 1001 }, (_, i) => endpoint(`10.1.${i >> 8}.${i & 255}`));
    const rules = rulesOn([big], [slice(big, many)]).get('nat/KUBE-SVC-XPGD46QRK7WJZT7O')!;
    expect(rules[0]).toMatch(/^-m statistic --mode random --probability 0\.00099900\d+ -j KUBE-SEP-/);
  });
});

describe('Services that kube-proxy passes over', () => {
  const proxied = (of: Service) =>
    rulesOn([of], [slice(of, [endpoint('10.0.0.1')])]).get('nat/KUBE-SERVICES')!.length > 1;

  test('headless and ExternalName Services have no rules, nor those of another proxy', () => {
    const labels = { 'service.kubernetes.io/service-proxy-name': 'other' };
    expect(proxied(svc(1))).toBe(true);
    expect(proxied(svc(1, { clusterIP: 'None' }))).toBe(false);
    expect(proxied(svc(1, { type: 'ExternalName' }))).toBe(false);
    expect(proxied({ ...svc(1), metadata: { ...svc(1).metadata, labels } })).toBe(false);
  });

  test('a load balancer that publishes a host name, or its address as Proxy, has no rule of its own', () => {
    const balanced = (ingress: Service['loadBalancerIngress'][number]) =>
      rulesOn(
        [svc(1, { type: 'LoadBalancer', loadBalancerIngress: [ingress] })],
        [slice(svc(1), [endpoint('10.0.0.1')])],
      ).get('nat/KUBE-SERVICES')!.length;
    expect(balanced({ ip: '1.2.3.4' })).toBe(3);
    expect(balanced({ ip: '1.2.3.4', ipMode: 'Proxy' })).toBe(2);
    expect(balanced({ hostname: 'x.elb.amazonaws.com' })).toBe(2);
  });
});

test('an IPv6 instance writes the same rules with IPv6 addresses', () => {
  const of = svc(1, { clusterIP: 'fd00:10:96::41' });
  const config = { ...eksKubeProxy, family: 'IPv6' } as const;
  const chains = rulesOn([of], [slice(of, [endpoint('fd00:10:180::1')])], config);
  expect(chains.get('nat/KUBE-SERVICES')).toEqual([
    '-d fd00:10:96::41/128 -p tcp -m comment --comment "ns1/svc1:p80 cluster IP" -m tcp --dport 80 -j KUBE-SVC-XPGD46QRK7WJZT7O',
    '! -d ::1/128 -m comment --comment "kubernetes service nodeports; NOTE: this must be the last rule in this chain" -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS',
  ]);
  const dnat = [...chains.values()].flat().find((text) => text.includes('DNAT'));
  expect(dnat).toContain('--to-destination [fd00:10:180::1]:80');
});
