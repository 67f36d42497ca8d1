/** `vpcs:` of the topology file: what AWS needs to be told of a VPC, and no more. */
import * as z from 'zod';
import { instanceInterface, serviceInterface } from './schema-interfaces.ts';
import { loadBalancer } from './schema-load-balancers.ts';
import {
  account,
  address,
  anyCidr,
  blockOrAddress,
  blockOrList,
  cidr,
  dumps,
  icmpNumber,
  ipv6Cidr,
  listen,
  metadata,
  name,
  ports,
  primaryInterface,
  protocol,
  reference,
  references,
  region,
  state,
  texts,
  zone,
} from './schema-values.ts';

const subnet = z
  .strictObject({
    name,
    cidr,
    ipv6Cidr: ipv6Cidr.optional(),
    assignIpv6Address: z.boolean().optional(),
    az: zone.optional(),
    routeTable: reference.optional(),
    networkAcl: reference.optional(),
    mapPublicIp: z.boolean().optional(),
    tags: texts.optional(),
    reservations: z
      .array(z.strictObject({ cidr, type: z.enum(['prefix', 'explicit']) }).describe('a reservation'))
      .optional(),
    occupied: z
      .array(z.strictObject({ cidr: blockOrAddress, by: z.string().optional() }).describe('addresses in use'))
      .optional(),
  })
  .describe('a subnet');

const route = z
  .strictObject({
    to: blockOrList,
    via: z
      .string()
      .describe(
        'the name of a gateway, NAT gateway, instance, interface, endpoint or connection, or blackhole',
      ),
    by: z.enum(['static', 'propagated']).optional(),
  })
  .describe('a route');

const routeTable = z
  .strictObject({
    name,
    main: z.boolean().optional(),
    edge: references.optional(),
    routes: z.array(route).optional(),
    propagatingGateways: references.optional(),
  })
  .describe('a route table; the local routes are always there');

const peer = z.string().describe('a block such as 10.1.0.0/16, a group such as sg/web, a list such as pl/s3');

const rule = { protocol, ports: ports.optional(), type: icmpNumber.optional(), code: icmpNumber.optional() };
const description = z.string().optional();
const stale = z.boolean().describe('the group that the rule names is no more').optional();

const securityGroup = z
  .strictObject({
    name,
    description,
    ingress: z.array(z.strictObject({ ...rule, from: peer, stale, description })).optional(),
    egress: z.array(z.strictObject({ ...rule, to: peer, stale, description })).optional(),
    tags: texts.optional(),
  })
  .describe('a security group');

const aclRule = z.strictObject({
  rule: z.int().min(1).max(32766),
  ...rule,
  cidr: anyCidr,
  action: z.enum(['allow', 'deny', 'unknown']),
});

const networkAcl = z
  .strictObject({ name, ingress: z.array(aclRule).optional(), egress: z.array(aclRule).optional() })
  .describe('a network ACL; the one named default serves subnets that name none');

const endpoint = z.strictObject({
  name,
  service: z.string().describe('a service such as s3'),
  type: z.enum(['gateway', 'interface']),
  routeTables: references.optional(),
  subnets: references.optional(),
  addresses: z.record(z.string(), address).describe('a map of addresses by subnet').optional(),
  securityGroups: references.optional(),
  privateDns: z.boolean().optional(),
  zones: z.array(zone).optional(),
  state: z.string().optional(),
});

export const vpc = z
  .strictObject({
    name,
    region: region.optional(),
    account: account.optional(),
    cidrs: z.array(cidr).min(1).describe('a list of IPv4 blocks, the primary one first'),
    ipv6Cidrs: z.array(ipv6Cidr).describe('a list of IPv6 blocks').optional(),
    subnets: z.array(subnet).optional(),
    egressOnlyInternetGateway: z.strictObject({ name: name.optional() }).optional(),
    vpnGateway: z.strictObject({ name, state: state.optional() }).optional(),
    internetGateway: z.strictObject({ name: name.optional(), state: state.optional() }).optional(),
    natGateways: z
      .array(
        z
          .strictObject({
            name,
            subnet: reference.optional(),
            connectivity: z.enum(['public', 'private']).optional(),
            availability: z.enum(['zonal', 'regional']).optional(),
            zones: z.array(zone).describe('a list of zones').optional(),
            addresses: z
              .array(
                z
                  .strictObject({ private: address.optional(), public: address.optional() })
                  .describe('a private address and its public one'),
              )
              .optional(),
            state: state.optional(),
          })
          .describe('a NAT gateway'),
      )
      .optional(),
    routeTables: z.array(routeTable).optional(),
    securityGroups: z.array(securityGroup).optional(),
    networkAcls: z.array(networkAcl).optional(),
    endpoints: z.array(endpoint).optional(),
    interfaces: z.array(serviceInterface).optional(),
    dnsSupport: z.boolean().optional(),
    dnsHostnames: z.boolean().optional(),
    dhcpDns: z.array(address).describe('a list of addresses').optional(),
    loadBalancers: z.array(loadBalancer).optional(),
  })
  .describe('a VPC');

export const blockPublicAccess = z
  .strictObject({
    account: account.optional(),
    region: region.optional(),
    mode: z.enum(['block-bidirectional', 'block-ingress', 'off']),
    exclusions: z
      .array(
        z
          .strictObject({
            vpc: reference.optional(),
            subnet: reference.optional(),
            mode: z.enum(['bidirectional', 'egress-only']),
          })
          .describe('an exclusion'),
      )
      .optional(),
  })
  .describe('VPC Block Public Access of one account and Region');

export const prefixList = z
  .strictObject({
    name,
    region: region.optional(),
    owner: z.enum(['AWS', 'customer']).optional(),
    cidrs: z.array(cidr).describe('a list of IPv4 blocks'),
    maxEntries: z.int().min(1).max(1000).optional(),
  })
  .describe('a managed prefix list; s3 and dynamodb exist by themselves');

export const instance = z
  .strictObject({
    name,
    vpc: reference.optional(),
    subnet: reference,
    address: address.optional(),
    securityGroups: references.optional(),
    sourceDestCheck: z.boolean().optional(),
    forwarding: z
      .union([z.boolean(), z.literal('unknown')])
      .describe('true, false or unknown')
      .optional(),
    ipv6Address: z.string().describe('an IPv6 address such as 2001:db8:1::12, or auto').optional(),
    mtu: z.int().min(576).max(9001).describe('a number of bytes from 576 to 9001').optional(),
    listen: listen.optional(),
    primaryInterface: primaryInterface.optional(),
    metadata: metadata.optional(),
    publicAddress: address.optional(),
    state: z.string().describe('running, or what AWS says instead').optional(),
    interfaces: z.array(instanceInterface).optional(),
    tags: texts.optional(),
    rules: dumps.optional(),
  })
  .describe('an EC2 instance that is no cluster node');

export type VpcFile = z.infer<typeof vpc>;
export type EndpointFile = z.infer<typeof endpoint>;
export type RouteFile = z.infer<typeof route>;
export type RouteTableFile = z.infer<typeof routeTable>;
export type SecurityGroupFile = z.infer<typeof securityGroup>;
export type NetworkAclFile = z.infer<typeof networkAcl>;
