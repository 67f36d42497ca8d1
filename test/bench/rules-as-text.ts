/** What it costs to read a large dump, and to print the rules of a node with many Services. */
import { defaulted } from '../../src/base/origin.ts';
import type { ChainSource } from '../../src/host/rules.ts';
import { saveText } from '../../src/host/save/iptables.ts';
import { readHostDump } from '../../src/io/dumps/host-dump.ts';

const origin = defaulted('bench', 'rules');

/** The rules of a Service with two endpoints, as kube-proxy writes them into the nat table. */
function serviceChains(number: number): ChainSource[] {
  const name = `${number}`.padStart(5, '0');
  const chain = (of: string, ...rules: string[]): ChainSource => ({
    name: of,
    rules: rules.map((text) => ({ text: `-A ${of} ${text}`, origin })),
  });
  return [
    chain(
      `KUBE-SVC-${name}`,
      `-m comment --comment "ns/svc-${name} -> 10.0.0.1:8080" -m statistic --mode random --probability 0.50000000000 -j KUBE-SEP-${name}A`,
      `-m comment --comment "ns/svc-${name} -> 10.0.0.2:8080" -j KUBE-SEP-${name}B`,
    ),
    ...['A', 'B'].map((end, i) =>
      chain(
        `KUBE-SEP-${name}${end}`,
        `-s 10.0.0.${i + 1}/32 -m comment --comment "ns/svc-${name}" -j KUBE-MARK-MASQ`,
        `-p tcp -m comment --comment "ns/svc-${name}" -m tcp -j DNAT --to-destination 10.0.0.${i + 1}:8080`,
      ),
    ),
  ];
}

export function rulesAsText(): { services: number; printMs: number; rules: number; readMs: number } {
  const services = 10_000;
  const numbers = Array.from({ length: services }, (_, i) => i);
  const portals: ChainSource = {
    name: 'KUBE-SERVICES',
    rules: numbers.map((i) => ({
      text: `-A KUBE-SERVICES -d 10.100.${i >> 8}.${i & 255}/32 -p tcp -m comment --comment "ns/svc-${i} cluster IP" -m tcp --dport 80 -j KUBE-SVC-${`${i}`.padStart(5, '0')}`,
      origin,
    })),
  };
  const chains = [{ name: 'KUBE-MARK-MASQ', rules: [] }, portals, ...numbers.flatMap(serviceChains)];
  let started = performance.now();
  const text = saveText([{ table: 'nat', chains }]);
  const printMs = Math.round(performance.now() - started);
  const lines = text.split('\n');
  const body = lines.filter((line) => line.startsWith('-A'));
  const rules = 200_000;
  const dump = [
    ...lines.filter((line) => !line.startsWith('-A') && line !== 'COMMIT' && line !== ''),
    ...Array.from({ length: rules }, (_, i) => body[i % body.length]!),
    'COMMIT\n',
  ].join('\n');
  started = performance.now();
  const { issues } = readHostDump([{ file: 'dump', text: dump }]);
  if (issues.length > 0) throw new Error(JSON.stringify(issues[0]));
  return { services, printMs, rules, readMs: Math.round(performance.now() - started) };
}
