/** `peerings:`, `transitGateways:`, `connections:` and `onPremises:` of the topology file: what joins VPCs with each other
 *  and with networks outside AWS. */
import * as z from 'zod';
import {
  account,
  address,
  blockOrList,
  cidr,
  listen,
  name,
  reference,
  references,
  region,
  state,
} from './schema-values.ts';

const peeringSide = z
  .union([
    reference,
    z.strictObject({
      vpc: reference.optional(),
      cidrs: z.array(cidr).min(1),
      region: region.optional(),
      account: account.optional(),
    }),
  ])
  .describe('the name of a VPC, or {cidrs: [...]} of one that this file does not have');

export const peering = z
  .strictObject({ name, requester: peeringSide, accepter: peeringSide, state: state.optional() })
  .describe('a VPC peering connection');

const transitRoute = z
  .strictObject({ to: blockOrList, via: z.string().describe('the name of an attachment, or blackhole') })
  .describe('a static route of a transit gateway');

const transitRouteTable = z
  .strictObject({
    name,
    routes: z
      .union([z.array(transitRoute), z.literal('unknown')])
      .describe('a list of static routes, or unknown')
      .optional(),
  })
  .describe('a route table of a transit gateway');

const attachment = z
  .strictObject({
    name,
    vpc: reference.optional(),
    subnets: references.optional(),
    applianceMode: z.boolean().optional(),
    securityGroupReferencing: z.boolean().optional(),
    connection: reference.optional(),
    transitGateway: z
      .union([reference, z.strictObject({ region: region.optional(), account: account.optional() })])
      .describe('the name of a transit gateway, or {} for one that this file does not have')
      .optional(),
    association: reference.optional(),
    propagations: references.optional(),
    state: state.optional(),
  })
  .describe('an attachment of a transit gateway');

export const transitGateway = z
  .strictObject({
    name,
    region: region.optional(),
    account: account.optional(),
    state: state.optional(),
    securityGroupReferencing: z.boolean().optional(),
    routeTables: z.array(transitRouteTable).optional(),
    attachments: z.array(attachment).optional(),
  })
  .describe('a transit gateway');

export const connection = z
  .strictObject({
    name,
    type: z.enum(['vpn', 'direct-connect']).optional(),
    gateway: reference,
    network: reference,
    state: z.enum(['up', 'down']).optional(),
    routing: z.enum(['bgp', 'static']).optional(),
    staticRoutes: z.array(cidr).optional(),
  })
  .describe('a VPN or Direct Connect connection');

const onPremisesRoute = z
  .strictObject({ to: cidr, via: z.string().describe('the name of a connection, or blackhole') })
  .describe('a route of an on-premises network');

export const onPremises = z
  .strictObject({
    name,
    cidrs: z.array(cidr).min(1).describe('a list of IPv4 blocks'),
    routes: z.array(onPremisesRoute).optional(),
    hosts: z
      .array(z.strictObject({ name, address, listen: listen.optional() }).describe('a host on premises'))
      .optional(),
  })
  .describe('a network outside AWS behind VPN or Direct Connect');

export type PeeringFile = z.infer<typeof peering>;
export type PeeringSideFile = z.infer<typeof peeringSide>;
export type TransitGatewayFile = z.infer<typeof transitGateway>;
export type TransitAttachmentFile = z.infer<typeof attachment>;
export type TransitRouteTableFile = z.infer<typeof transitRouteTable>;
export type ConnectionFile = z.infer<typeof connection>;
export type OnPremisesFile = z.infer<typeof onPremises>;
