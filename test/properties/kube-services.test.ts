import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cidr, contains } from '../../src/addressing/cidr.ts';
import { ipv4 } from '../../src/addressing/ip.ts';
import { allocateServices } from '../../src/kube/services.ts';
import { service } from '../kube/objects.ts';

fc.configureGlobal({ seed: 1 });

const RANGE = cidr('10.100.0.0/26');

const wanted = fc.option(
  fc.integer({ min: 0, max: 70 }).map((n) => `10.100.0.${n}`),
  { nil: undefined },
);

test('every accepted Service has an address of its own inside the range, written ones the one they asked for', () => {
  fc.assert(
    fc.property(fc.array(wanted, { maxLength: 80 }), (addresses) => {
      const services = addresses.map((clusterIP, i) => service(`s${i}`, { clusterIP, type: 'NodePort' }));
      const { services: accepted, issues } = allocateServices({ services, serviceCidr: RANGE });
      const given = accepted.flatMap(({ clusterIP }) => clusterIP ?? []);
      expect(new Set(given).size).toBe(given.length);
      for (const address of given) expect(contains(RANGE, ipv4(address))).toBe(true);
      for (const { metadata, clusterIP } of accepted) {
        const asked = addresses[Number(metadata.name.slice(1))];
        if (asked !== undefined) expect(clusterIP).toBe(asked);
      }
      expect(given.length + issues.length).toBe(services.length);
      const nodePorts = accepted.flatMap(({ ports }) => ports.map(({ nodePort }) => nodePort));
      expect(new Set(nodePorts).size).toBe(nodePorts.length);
    }),
  );
});
