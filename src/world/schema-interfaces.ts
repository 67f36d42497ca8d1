/** Network interfaces that the topology gives as they are: addresses and all. */
import * as z from 'zod';
import { address, cidr, name, reference, references } from './schema-values.ts';

const given = {
  name,
  subnet: reference,
  addresses: z.array(address).min(1).describe('a list of addresses, the primary one first'),
  prefixes: z.array(cidr).describe('a list of /28 blocks').optional(),
  publicAddresses: z
    .record(z.string(), address)
    .describe('a map of public addresses by private address')
    .optional(),
  securityGroups: references.optional(),
  sourceDestCheck: z.boolean().optional(),
  state: z.string().describe('in-use, or what AWS says instead').optional(),
};

const attached = {
  ...given,
  device: z.int().min(0).max(255).optional(),
  card: z.int().min(0).max(63).optional(),
};

/** Of something that the topology does not have otherwise. */
export const serviceInterface = z
  .strictObject({ ...given, owner: z.string().optional() })
  .describe('a network interface');

export const instanceInterface = z.strictObject(attached).describe('a network interface');

export const nodeInterface = z
  .strictObject({
    ...attached,
    type: z.enum(['interface', 'trunk', 'branch']).optional(),
    vlan: z.int().min(1).max(4094).optional(),
  })
  .describe('a network interface');

export type ServiceInterfaceFile = z.infer<typeof serviceInterface>;
export type NodeInterfaceFile = z.infer<typeof nodeInterface>;
