import fc from 'fast-check';
import { expect, test } from 'vitest';
import { backendGroupName, groupedName, objectName } from '../../src/elb/names.ts';

test('names keep 8 letters or digits of namespace and name, and never exceed the 32 characters AWS allows', () => {
  expect(objectName('production', 'day-ingress', ['c'])).toBe('k8s-producti-dayingre-2e7d2c03a9');
  fc.assert(
    fc.property(fc.string(), fc.string(), (namespace, name) => {
      expect(objectName(namespace, name, [namespace, name]).length).toBeLessThanOrEqual(32);
      expect(groupedName(name, [name]).length).toBeLessThanOrEqual(32);
    }),
  );
});

// Values that the controller's own tests expect; they run with an empty cluster name.
test('names are those of the controller', () => {
  expect(backendGroupName('testCluster')).toBe('k8s-traffic-testCluster-411a1bcdb1');
  const scheme = 'internet-facing';
  expect(objectName('awesome-ns', 'ing-1', ['', 'awesome-ns/ing-1', scheme])).toBe(
    'k8s-awesomen-ing1-43b698093c',
  );
  expect(groupedName('explicit-group', ['', 'explicit-group', 'internal'])).toBe(
    'k8s-explicitgroup-5bf9e53c23',
  );
});
