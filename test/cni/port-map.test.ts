/** Host ports: the rules of portmap. */
import { describe, expect, test } from 'vitest';
import { ipv4 } from '../../src/addressing/ip.ts';
import type { ContainerPort } from '../../src/api/objects.ts';
import { defaulted } from '../../src/base/origin.ts';
import { podPortTables, portMapTables } from '../../src/cni/port-map.ts';

const origin = defaulted('test', 'pod');

const port = (hostPort: number, more: Partial<ContainerPort> = {}): ContainerPort => ({
  containerPort: 80,
  hostPort,
  protocol: 'TCP',
  ...more,
});

const pod = (name: string, address: string, ports: readonly ContainerPort[]) => ({
  namespace: 'default',
  name,
  address: ipv4(address),
  ports,
  origin,
});

/** Chains by name; rules without "-A CHAIN", what is drawn by chance replaced. */
function chains(...pods: ReturnType<typeof pod>[]): Record<string, string[]> {
  return Object.fromEntries(
    [...portMapTables, ...podPortTables(pods)].flatMap(({ chains: list }) =>
      list.map(({ name, rules }) => [
        name.replace(/^(CNI-DN-)\w{21}$/, '$1x'),
        rules.map(({ text }) =>
          text
            .replace(`-A ${name} `, '')
            .replace(/CNI-DN-\w{21}$/, 'CNI-DN-x')
            .replace(/[\da-f]{64}/, 'ID'),
        ),
      ]),
    ),
  );
}

const NOTE = '-m comment --comment "dnat name: \\"aws-cni\\" id: \\"ID\\""';

test('a host port leads to the pod; what comes from the pod itself or from loopback gets SNAT', () => {
  expect(chains(pod('web', '10.0.0.5', [port(8080)]))).toEqual({
    'CNI-HOSTPORT-SETMARK': [
      '-m comment --comment "CNI portfwd masquerade mark" -j MARK --set-xmark 0x2000/0x2000',
    ],
    'CNI-HOSTPORT-MASQ': ['-m mark --mark 0x2000/0x2000 -j MASQUERADE'],
    'CNI-HOSTPORT-DNAT': [`-p tcp ${NOTE} -m multiport --dports 8080 -j CNI-DN-x`],
    'CNI-DN-x': [
      '-s 10.0.0.5/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK',
      '-s 127.0.0.1/32 -p tcp -m tcp --dport 8080 -j CNI-HOSTPORT-SETMARK',
      '-p tcp -m tcp --dport 8080 -j DNAT --to-destination 10.0.0.5:80',
    ],
  });
});

test('a chain is named by the hash of network and sandbox, 28 characters in all', () => {
  const [, own] = podPortTables([pod('web', '10.0.0.5', [port(8080)])])[0]!.chains;
  expect(own!.name).toMatch(/^CNI-DN-[\da-f]{21}$/);
});

test('a host address narrows the rules, 0.0.0.0 does not, and one of IPv6 gets none', () => {
  const ports = [
    port(8081, { hostIP: '10.0.0.9' }),
    port(8082, { hostIP: '0.0.0.0' }),
    port(8083, { hostIP: 'fd00::9' }),
  ];
  const found = chains(pod('web', '10.0.0.5', ports));
  expect(found['CNI-HOSTPORT-DNAT']![0]).toContain('--dports 8081,8082,8083');
  expect(found['CNI-DN-x']!.filter((rule) => rule.includes('DNAT'))).toEqual([
    '-d 10.0.0.9/32 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 10.0.0.5:80',
    '-p tcp -m tcp --dport 8082 -j DNAT --to-destination 10.0.0.5:80',
  ]);
});

describe('many ports', () => {
  test('15 of a protocol share a rule, protocols by name', () => {
    const tcp = Array.from({ length: 17 }, (_, i) => port(9000 + i));
    const mixed = [port(53, { protocol: 'UDP' }), ...tcp, port(36412, { protocol: 'SCTP' })];
    const found = chains(pod('web', '10.0.0.5', mixed))['CNI-HOSTPORT-DNAT']!;
    expect(found.map((rule) => /^-p (\w+) .*--dports (\S+)/.exec(rule)!.slice(1).join(' '))).toEqual([
      'sctp 36412',
      `tcp ${tcp
        .slice(0, 15)
        .map(({ hostPort }) => hostPort)
        .join(',')}`,
      'tcp 9015,9016',
      'udp 53',
    ]);
  });

  test('pods stand in the order in which they came', () => {
    const [entry] = podPortTables([pod('b', '10.0.0.6', [port(2)]), pod('a', '10.0.0.5', [port(1)])])[0]!
      .chains;
    expect(entry!.rules.map(({ text }) => /--dports (\d+)/.exec(text)![1])).toEqual(['2', '1']);
  });
});
