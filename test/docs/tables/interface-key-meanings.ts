/** What the keys of network interfaces mean that are given as they are. */
import type { Meaning } from './cluster-key-meanings.ts';

const given: Readonly<Record<string, Meaning>> = {
  name: { means: 'its name: `eni/NAME`; routes may name it' },
  subnet: { means: 'its subnet' },
  addresses: { means: 'its private addresses, the primary one first' },
  prefixes: { default: 'none', means: 'blocks of sixteen addresses that EC2 delegated to it' },
  publicAddresses: { default: 'none', means: 'public or Elastic IP addresses, by private address' },
  securityGroups: { default: "those of its machine; `default` of a service's", means: 'its security groups' },
  sourceDestCheck: { default: '`true`', means: 'source/destination check' },
  state: { default: '`in-use`', means: 'what AWS says of it' },
};

const attached: Readonly<Record<string, Meaning>> = {
  device: {
    default: 'its place in the list',
    means: 'device number on its network card; device 0 of card 0 is the primary interface',
  },
  card: { default: '0', means: 'number of its network card' },
};

function at(path: string, keys: Readonly<Record<string, Meaning>>): [string, Meaning][] {
  return Object.entries(keys).map(([key, meaning]) => [`${path}[].${key}`, meaning]);
}

export const interfaceMeanings: Readonly<Record<string, Meaning>> = Object.fromEntries([
  ...at('vpcs[].interfaces', {
    ...given,
    owner: { default: '`unknown`', means: 'what it belongs to, such as RDS' },
  }),
  ...at('instances[].interfaces', { ...given, ...attached }),
  ...at('cluster.controlPlane.interfaces', { ...given, ...attached }),
  ...at('cluster.nodes[].interfaces', {
    ...given,
    ...attached,
    type: {
      default: '`interface`',
      means: '`trunk` carries branches; a `branch` is the interface of the pod that is placed at its address',
    },
    vlan: { default: 'none', means: 'number of a branch on its trunk' },
  }),
]);
