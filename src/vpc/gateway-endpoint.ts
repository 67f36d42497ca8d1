/** Gateway endpoint: the way from a VPC to S3 or DynamoDB of its own Region without the internet. It is a route of the
 *  service's prefix list, has no interface and no security group, and leaves addresses as they are. It serves the VPC it
 *  is in alone: not peers, transit gateways or VPNs ("Gateway endpoints", AWS PrivateLink guide). It carries TCP, and ICMP
 *  echo (explanation codes VPCE_* of AWS's Reachability Analyzer). */
import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { ICMP, protocolName, TCP } from '../packet/protocol.ts';
import { answerType } from '../packet/reply-ports.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { LOCAL, type Outcome, PASSED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { ENDPOINT_FROM_SERVICE, NO_TABLE, SERVICE_FROM_ENDPOINT } from './ports.ts';
import { nameOf } from './records.ts';

export interface GatewayEndpoint extends DeviceRecord {
  readonly kind: 'gateway-endpoint';
  /** "s3". */
  readonly service: string;
  /** `available`, or what AWS says instead. */
  readonly state: string;
  /** Index of the service in the VPC's Region. */
  readonly to: number;
  /** Of the service's prefix list. */
  readonly blocks: readonly Cidr[];
  /** Of the VPC. */
  readonly cidrs: readonly Cidr[];
  /** Index of the VPC's router. */
  readonly router: number;
}

export const gatewayEndpoint = behaviour<GatewayEndpoint>({
  kind: 'gateway-endpoint',
  label: 'gateway endpoint',
  icon: 'gateway-endpoint',
  notModelled: ['endpoint policies', 'that requests to a bucket of another Region do not pass'],
  receive(self, packet, walk) {
    switch (walk.port) {
      case LOCAL: {
        const end = walk.deny(startsFlow);
        return end || leave(self, packet, walk);
      }
      case ENDPOINT_FROM_SERVICE:
        return leave(self, packet, walk);
      default:
        return enter(self, packet, walk);
    }
  },
});

function enter(self: GatewayEndpoint, packet: Packet, walk: Walk): Outcome {
  if (walk.reply && walk.leg.source === self.index) return walk.deliver();
  if (self.state !== 'available') {
    const end = walk.deny(notAvailable);
    if (end) return end;
  }
  if (packet.protocol !== TCP && !isEcho(packet)) {
    const end = walk.deny(protocolNotCarried);
    if (end) return end;
  }
  if (!self.cidrs.some((block) => contains(block, packet.src))) {
    const end = walk.deny(sourceNotInVpc);
    if (end) return end;
  }
  walk.step(passes, PASSED);
  return walk.forward(self.to, SERVICE_FROM_ENDPOINT);
}

/** What the service sends into the VPC. */
function leave(self: GatewayEndpoint, packet: Packet, walk: Walk): Outcome {
  if (!self.blocks.some((block) => contains(block, packet.src))) {
    const end = walk.deny(sourceNotOfService);
    if (end) return end;
  }
  walk.step(returns, PASSED);
  return walk.forward(self.router, NO_TABLE);
}

/** An echo request or its reply. */
function isEcho({ protocol, destinationPort }: Packet): boolean {
  return protocol === ICMP && answerType(destinationPort) !== destinationPort;
}

const stage = 'gateway endpoint';

const passes = step<GatewayEndpoint>('gateway endpoint', ({ self, before, device }) => ({
  stage,
  because: `to ${nameOf(device(self.to))} without the internet; the source stays ${formatIpv4(before.src)}`,
  origin: self.origin,
}));

const returns = step<GatewayEndpoint>('gateway endpoint back', ({ self, before }) => ({
  stage,
  because: `${formatIpv4(before.src)} is in pl/${self.service}: delivered inside the VPC`,
  origin: self.origin,
}));

const look = ['aws ec2 describe-vpc-endpoints --query "VpcEndpoints[].[VpcEndpointId,ServiceName,State]"'];

export const notAvailable = drop<DeviceRecord & { readonly state: string }>({
  code: 'vpce/not-available',
  means: 'The VPC endpoint exists and is not in service.',
  aws: 'BAD_STATE',
  causes: [
    'the owner of the service has not accepted it yet (pendingAcceptance)',
    'it is being deleted, or it failed',
  ],
  look,
  word: ({ self }) => ({
    stage: 'VPC endpoint',
    because: `${nameOf(self)} is ${self.state}, not available`,
    fix: `bring ${nameOf(self)} into the state available, or make it anew`,
    origin: self.origin,
  }),
});

export const protocolNotCarried = drop<GatewayEndpoint>({
  code: 'vpce/protocol',
  means: 'A gateway endpoint carries TCP and ICMP echo only.',
  aws: 'VPCE_GATEWAY_PROTOCOL_RESTRICTION',
  causes: ['UDP, such as HTTP/3, to an address of S3 or DynamoDB'],
  look: ['the protocol of the packet'],
  word: ({ before }) => ({
    stage,
    because: `${protocolName(before.protocol)} is neither TCP nor ICMP echo`,
    fix: 'use TCP',
  }),
});

export const sourceNotInVpc = drop<GatewayEndpoint>({
  code: 'vpce/source-not-in-vpc',
  means: 'A gateway endpoint serves its own VPC only.',
  causes: [
    'a peer VPC, a transit gateway or a VPN sends its traffic for S3 or DynamoDB through this VPC',
    'the design shares one VPC of endpoints: that needs interface endpoints',
  ],
  look: ['aws ec2 describe-vpcs --query "Vpcs[].CidrBlockAssociationSet[].CidrBlock"'],
  word: ({ self, before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is in no block of the VPC (${self.cidrs.map(formatCidr).join(', ')})`,
    fix: `make a gateway endpoint for ${self.service} in the VPC of the source, or an interface endpoint here`,
    origin: self.origin,
  }),
});

export const startsFlow = drop({
  code: 'vpce/starts-flow',
  means: 'A VPC endpoint takes connections and opens none.',
  aws: 'VPCE_INTRA_VPC_TRAFFIC',
  causes: ['source and destination of the question are the wrong way round'],
  look: ['who opens the connection: the client in the VPC does'],
  word: ({ self }) => ({
    stage: 'VPC endpoint',
    because: `${nameOf(self)} opens no connections to the VPC`,
    fix: `trace to ${nameOf(self)}, not from it`,
  }),
});

export const sourceNotOfService = drop<GatewayEndpoint>({
  code: 'vpce/source-not-of-service',
  means: "What comes out of a gateway endpoint has a source in the service's prefix list.",
  aws: 'VPCE_GATEWAY_EGRESS_SOURCE_ADDRESS_RESTRICTION',
  causes: ['the source address of the question is not one of the service'],
  look: ['aws ec2 get-managed-prefix-list-entries --prefix-list-id <list>'],
  word: ({ self, before }) => ({
    stage,
    because: `${formatIpv4(before.src)} is in no block of pl/${self.service}`,
    fix: `use a source address of pl/${self.service}, such as one of ${self.blocks.slice(0, 1).map(formatCidr).join()}`,
    origin: self.origin,
  }),
});
