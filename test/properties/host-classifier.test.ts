import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatIpv4, ipv4 } from '../../src/addressing/ip.ts';
import type { LinuxHost } from '../../src/host/linux-record.ts';
import { compileRules } from '../../src/host/netfilter/rule-set.ts';
import type { Network } from '../../src/trace/device.ts';
import { table, trace, wire } from '../host/wiring.ts';
import { only } from '../support/walked.ts';

const net = fc.record({
  base: fc.constantFrom('10.0.0.0', '10.0.1.0', '10.0.1.21', '10.0.2.21'),
  length: fc.constantFrom(0, 8, 24, 32),
});
const text = ({ base, length }: { base: string; length: number }): string =>
  `${formatIpv4(ipv4(base) & (length === 0 ? 0 : -1 << (32 - length)))}/${length}`;

const rule = fc
  .record({
    source: fc.option(net, { nil: undefined }),
    destination: fc.option(net, { nil: undefined }),
    not: fc.boolean(),
    protocol: fc.constantFrom('', 'tcp', 'udp'),
    port: fc.constantFrom('', '80', '81', '80:90'),
    target: fc.constantFrom('ACCEPT', 'DROP', 'RETURN', 'SUB', 'MARK --set-xmark 0x1/0x1'),
  })
  .map(({ source, destination, not, protocol, port, target }) =>
    [
      source && `${not ? '! ' : ''}-s ${text(source)}`,
      destination && `-d ${text(destination)}`,
      protocol && `-p ${protocol}`,
      protocol && port && `-m ${protocol} --dport ${port}`,
      `-j ${target}`,
    ]
      .filter(Boolean)
      .join(' '),
  );

/** The same rules, the long chain cut into user chains of ten: too short for an index. */
function cut(rules: readonly string[]): string[] {
  return rules.map((line, i) => `-A PART${Math.floor(i / 10)} ${line}`);
}

function outcome(rules: readonly string[]): unknown {
  const network: Network = wire({
    nodes: {
      one: { address: '10.0.1.10', pods: { p: '10.0.1.21' } },
      two: { address: '10.0.2.10', pods: { r: '10.0.2.21' } },
    },
  });
  const one = network.devices.findIndex(({ id }) => id === 'one');
  const changed: LinuxHost = {
    ...(network.devices[one] as LinuxHost),
    netfilter: compileRules([], [table('filter', rules)]),
  };
  const told = trace(
    { ...network, devices: network.devices.map((device, i) => (i === one ? changed : device)) },
    { from: 'pod/p', to: '10.0.2.21:80' },
  );
  const marks = only(told).hops.flatMap((hop) =>
    hop.steps.map(({ because }) => because).filter((why) => why.startsWith('mark')),
  );
  return [told.verdict, marks];
}

test('a long chain, which is looked up by hashes, decides as short ones do, which are scanned', () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 16, maxLength: 40 }), (rules) => {
      const plain = rules.map((line) => line.replace('-j RETURN', '-j ACCEPT'));
      const sub = [':SUB', '-A SUB -d 10.0.2.21/32 -j RETURN', '-A SUB -j DROP'];
      const whole = [...sub, ...plain.map((line) => `-A FORWARD ${line}`)];
      const parts = Array.from({ length: Math.ceil(plain.length / 10) }, (_, i) => `-A FORWARD -j PART${i}`);
      expect(outcome(whole)).toEqual(outcome([...sub, ...parts, ...cut(plain)]));
    }),
    { numRuns: 150 },
  );
});
