/** Values that many keys of the topology file share. Descriptions are noun phrases: they show in editors and
 *  in messages. What a text means (an address, a block) is checked where it is read, with a better hint. */
import * as z from 'zod';

const octet = '(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const quad = `${octet}(\\.${octet}){3}`;

/** Names stand in references (`sg/web`) and patch paths, so they hold no slash and no blank. */
export const name = z
  .string()
  .regex(/^[\p{L}\p{N}_][\p{L}\p{N}._-]{0,127}$/u)
  .describe('a name of letters, digits, dots, dashes and underscores');

export const reference = z.string().describe('the name of something in this file');

export const cidr = z
  .string()
  .describe('an IPv4 block such as 10.1.0.0/16')
  .meta({ pattern: `^${quad}/(3[0-2]|[12]?\\d)$` });

export const ipv6Cidr = z.string().describe('an IPv6 block such as 2001:db8:1::/56');

export const anyCidr = z
  .string()
  .describe('a block such as 10.1.0.0/16 or 2001:db8:1::/64')
  .meta({ pattern: `^(${quad}/(3[0-2]|[12]?\\d)|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/\\d{1,3})$` });

export const address = z
  .string()
  .describe('an IPv4 address such as 10.1.0.12')
  .meta({ pattern: `^${quad}$` });

export const blockOrAddress = z
  .string()
  .describe('an IPv4 block such as 10.1.0.0/28, or an address such as 10.1.0.12')
  .meta({ pattern: `^${quad}(/(3[0-2]|[12]?\\d))?$` });

export const blockOrList = z
  .string()
  .describe('a block such as 10.1.0.0/16 or ::/0, or a prefix list such as pl/corp')
  .meta({ pattern: `^(${quad}/(3[0-2]|[12]?\\d)|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*/\\d{1,3}|pl/.+)$` });

export const anyAddress = z.string().describe('an IPv4 or IPv6 address');

export const protocol = z
  .union([z.string(), z.int()])
  .describe('tcp, udp, icmp, sctp, all, or a protocol number');

export const ports = z
  .union([z.string(), z.int()])
  .describe('a port such as 443, a range such as 80-81, or all');

export const icmpNumber = z.int().min(-1).max(255).describe('an ICMP number from 0 to 255, or -1 for any');

export const instanceTypeName = z
  .string()
  .regex(/^[a-z0-9-]+\.[a-z0-9-]+$/)
  .describe('an EC2 instance type such as t3.small');

export const region = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z]+)+-\d$/)
  .describe('an AWS Region such as us-east-1');

export const zone = z
  .string()
  .regex(/^[a-z]{2,4}(-[a-z0-9]+)+-\d[a-z]$/)
  .describe('an Availability Zone such as us-east-1a');

export const account = z
  .string()
  .regex(/^\d{12}$/)
  .describe('an AWS account number of 12 digits, in quotes');

/** AWS has words for every kind of resource, and more come. */
export const state = z.string().min(1).describe('a state as AWS spells it, such as available');

export const texts = z.record(z.string(), z.string()).describe('a map of texts');

/** Settings that YAML writes as numbers and truth values, and the machine as text. */
export const settings = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
  .describe('a map of settings');

export const references = z.array(reference).describe('a list of names');

export const dumps = z
  .union([z.string(), z.array(z.string())])
  .describe('the path of a dump such as node1.iptables, or a list of paths');

export const primaryInterface = z.enum(['ens5', 'eth0']);

export const listen = z
  .array(z.string().describe('a protocol and port such as tcp/443'))
  .describe('a list such as [tcp/443]');

export const metadata = z
  .strictObject({
    hopLimit: z.int().min(1).max(64).optional(),
    tokens: z.enum(['required', 'optional']).optional(),
  })
  .describe('options of instance metadata');
