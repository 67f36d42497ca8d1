/** Elastic network interface: the edge between a host and the VPC. On the way out it checks the source and the
 *  security groups and hands the frame to a neighbour of its subnet or to the subnet's router; on the way in it checks
 *  the destination and the security groups ("Elastic network interfaces", Amazon EC2 guide). */
import { formatIpv4 } from '../addressing/ip.ts';
import type { Packet } from '../packet/packet.ts';
import { behaviour } from '../trace/device.ts';
import { tooBig } from '../trace/mtu.ts';
import { MATCHED, type Outcome, PASSED, SKIPPED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { Walk } from '../trace/walk.ts';
import { isForeignLinkLocal, toBuiltIn, type VpcBlocks } from './built-in-services.ts';
import { bringUp, type NetworkChange } from './changes.ts';
import { isReply, MIDDLEBOX_SESSION, NLB_SESSION } from './flow.ts';
import type { MetadataOptions } from './instance-metadata.ts';
import { VPC_MTU } from './mtu.ts';
import { ENI_FROM_BUILT_IN, ENI_FROM_NETWORK, SUBNET_LEAVING, SUBNET_TO_BALANCER } from './ports.ts';
import { type InSubnet, nameOf, neighbour } from './records.ts';
import { checkSecurityGroups } from './security-group-check.ts';
import type { GroupHolder } from './security-group-words.ts';
import { ROUTER_6, ROUTER_OFFSET, type Subnet } from './subnet.ts';

export interface Eni extends GroupHolder, InSubnet {
  readonly kind: 'eni';
  /** Number of its VPC in `Network.owners`. */
  readonly segment: number;
  /** Index of the host, and by which of its ports the interface reaches it. */
  readonly host: number;
  readonly hostPort: number;
  readonly sourceDestCheck: boolean;
  /** Of the instance behind it, where it is one. */
  readonly metadata?: MetadataOptions | undefined;
  /** A gateway route table leads packets to it. */
  readonly middlebox?: boolean | undefined;
  /** Held by the internet gateway's map, never by the interface itself. */
  readonly publicAddress?: number | undefined;
  /** State of what it is attached to, where that is not up. */
  readonly down?: string | undefined;
  /** Its own state, where it is attached to nothing. */
  readonly detached?: string | undefined;
}

export const eni = behaviour<Eni>({
  kind: 'eni',
  label: 'network interface',
  icon: 'eni',
  notModelled: ['limits of connection tracking, and that idle flows are forgotten'],
  receive(self, packet, walk) {
    switch (walk.port) {
      case ENI_FROM_NETWORK:
        return enter(self, packet, walk);
      case ENI_FROM_BUILT_IN:
        return walk.forward(self.host, self.hostPort);
      default:
        return leave(self, packet, walk);
    }
  },
});

function leave(self: Eni, packet: Packet, walk: Walk): Outcome {
  if (packet.size > VPC_MTU) {
    const end = tooBig(walk, packet, VPC_MTU);
    if (end) return end;
  }
  const lost = checkState(self, walk);
  if (lost) return lost;
  const subnet = neighbour<Subnet>(walk, self.subnet);
  if (isForeignLinkLocal(packet.dst)) return walk.stop(linkLocal);
  if (!self.sourceDestCheck) {
    walk.step(checkOff, SKIPPED, 0);
    if (self.middlebox) walk.track(MIDDLEBOX_SESSION, subnet.router, self.index);
    // A middlebox sends for others, whose groups the VPC does not tell on ("Update your security groups to reference peer
    // security groups", VPC peering guide).
    if (walk.ownerOf(self.segment, packet.src) !== self.index) walk.loseGroups();
  } else if (walk.ownerOf(self.segment, packet.src) === self.index) walk.step(checked, PASSED, 0);
  else {
    const end = walk.deny(sourceCheck, walk.ownerOf(self.segment, packet.src));
    if (end) return end;
  }

  const builtIn = toBuiltIn(neighbour<VpcBlocks>(walk, subnet.router), packet, walk);
  if (builtIn) return builtIn;

  const end = checkSecurityGroups(self, packet, walk, 'egress');
  if (end) return end;

  if (walk.reply) {
    const flow = walk.findSession(NLB_SESSION);
    if (isReply(flow)) return returnToBalancer(self, walk, walk.sessions.mark(flow >> 1));
  }

  if (packet.nextHop === ((subnet.cidr.base + ROUTER_OFFSET) | 0) || packet.nextHop === ROUTER_6)
    return walk.forward(self.subnet, SUBNET_LEAVING);
  const to = walk.ownerOf(self.segment, packet.nextHop);
  if (to < 0 || neighbour<Eni>(walk, to).subnet !== self.subnet)
    return walk.stop(noNeighbour, packet.nextHop);
  walk.step(sameSubnet, SKIPPED, to);
  return walk.forward(to, ENI_FROM_NETWORK);
}

function enter(self: Eni, packet: Packet, walk: Walk): Outcome {
  if (!self.sourceDestCheck) walk.step(checkOff, SKIPPED, 1);
  else if (walk.ownerOf(self.segment, packet.dst) === self.index) walk.step(checked, PASSED, 1);
  else {
    const end = walk.deny(destinationCheck, walk.ownerOf(self.segment, packet.dst));
    if (end) return end;
  }
  const end = checkSecurityGroups(self, packet, walk, 'ingress');
  if (end) return end;
  const lost = checkState(self, walk);
  if (lost) return lost;
  return walk.forward(self.host, self.hostPort);
}

/** Whether there is anything behind the interface. */
function checkState({ down, detached }: Eni, walk: Walk): Outcome | 0 {
  if (detached !== undefined) return walk.deny(notAttached);
  return down === undefined ? 0 : walk.deny(notRunning);
}

/** Where a Network Load Balancer keeps the client's address, the target answers the client, and still the answer
 *  passes the load balancer, which puts its own address back. How the fabric does that is not documented: it is taken
 *  to hand the packet to the load balancer's interface in place of asking the route table. */
function returnToBalancer(self: Eni, walk: Walk, balancer: number): Outcome {
  const { address, subnet } = neighbour<Eni>(walk, balancer);
  walk.step(returned, MATCHED, balancer);
  if (subnet === self.subnet) return walk.forward(balancer, ENI_FROM_NETWORK);
  walk.setNextHop(address);
  return walk.forward(self.subnet, SUBNET_TO_BALANCER);
}

const checkStage = (inward: number): string => (inward ? 'destination check' : 'source check');

const checked = step('address check', ({ a, before }) => ({
  stage: checkStage(a),
  because: `${formatIpv4(a ? before.dst : before.src)} is an address of this interface`,
}));

const checkOff = step('address check off', ({ a }) => ({
  stage: checkStage(a),
  because: 'source/destination check is off on this interface',
}));

const sameSubnet = step<Eni>('same subnet', ({ self, a, device }) => ({
  stage: 'subnet',
  because: `${nameOf(device(a))} is in the same subnet, ${nameOf(device(self.subnet))}: no network ACL, no route table`,
}));

const returned = step<Eni>('returned to the load balancer', ({ a, before, device }) => ({
  stage: 'load balancer flow',
  because:
    `the reply to ${formatIpv4(before.dst)} belongs to a flow of ${nameOf(device((device(a) as Eni).host))}, which ` +
    'kept the client address: the VPC returns it to the load balancer (assumed: without asking the route table)',
}));

const checkLook = [
  'aws ec2 describe-network-interfaces --query "NetworkInterfaces[].[NetworkInterfaceId,SourceDestCheck]"',
];

function checkOffChange({ id }: Eni): NetworkChange {
  return { kind: 'source-dest-check', id };
}

export const sourceCheck = drop<Eni>({
  code: 'eni/source-check',
  means:
    'The packet leaves by a network interface that does not hold its source address, and the check is on there.',
  aws: ['ENI_SOURCE_DEST_CHECK_RESTRICTION', 'ENI_ADDRESS_RESTRICTION'],
  causes: [
    'the interface is to forward packets of others (NAT instance, router, overlay without encapsulation)',
    "a pod's address belongs to a second interface and the packet left by the first: a rule of `ip rule` is missing",
  ],
  look: [...checkLook, 'ip rule; ip route show table all   (on the node)'],
  word: ({ self, a, before, device }) => {
    const address = formatIpv4(before.src);
    // The host sends it for itself, or for a pod of its own.
    const own = a >= 0 && (device(a) as Eni).host === self.host;
    return {
      stage: checkStage(0),
      aws: own ? 'ENI_ADDRESS_RESTRICTION' : undefined,
      because:
        a < 0
          ? `the source ${address} is no address of this interface`
          : `the source ${address} is an address of ${nameOf(device(a))}, not of this interface`,
      fix:
        a < 0
          ? `set sourceDestCheck: false on eni/${self.id}`
          : `send packets from ${address} out by ${nameOf(device(a))}, or set sourceDestCheck: false on eni/${self.id}`,
      change: checkOffChange(self),
      origin: self.origin,
    };
  },
});

export const destinationCheck = drop<Eni>({
  code: 'eni/destination-check',
  means:
    'The packet reached a network interface that does not hold its destination address, and the check is on there.',
  aws: 'ENI_SOURCE_DEST_CHECK_RESTRICTION',
  causes: ['a route sends packets to an instance that is to forward them, and the check is still on'],
  look: checkLook,
  word: ({ self, before }) => ({
    stage: checkStage(1),
    because: `the destination ${formatIpv4(before.dst)} is no address of this interface`,
    fix: `set sourceDestCheck: false on eni/${self.id}`,
    change: checkOffChange(self),
    origin: self.origin,
  }),
});

export const notAttached = drop<Eni>({
  code: 'eni/not-attached',
  means: 'The network interface exists, and it is attached to nothing.',
  aws: 'BAD_STATE_ATTACHMENT',
  causes: ['it was detached from an instance, or made and never attached', 'what it was made for is gone'],
  look: [
    'aws ec2 describe-network-interfaces --query "NetworkInterfaces[].[NetworkInterfaceId,Status,Attachment]"',
  ],
  word: ({ self }) => ({
    stage: 'attachment',
    because: `eni/${self.id} is ${self.detached}: attached to nothing`,
    fix: `attach eni/${self.id} to an instance`,
    origin: self.origin,
  }),
});

export const notRunning = drop<Eni>({
  code: 'eni/not-running',
  means: 'The network interface exists, and what it is attached to does not run.',
  aws: 'BAD_STATE',
  causes: ['the instance is stopped, pending or terminated'],
  look: ['aws ec2 describe-instances --query "Reservations[].Instances[].[InstanceId,State.Name]"'],
  word: ({ self, device }) => ({
    stage: 'instance state',
    because: `${nameOf(device(self.host))} is ${self.down}`,
    fix: `start ${nameOf(device(self.host))}`,
    change: device(self.host).kind === 'instance' ? bringUp('instance', device(self.host).id) : undefined,
    origin: self.origin,
  }),
});

export const linkLocal = drop<Eni>({
  code: 'eni/link-local',
  means:
    'The packet goes to a link-local address (169.254.0.0/16) that no service of AWS has: nothing beyond its own link knows it.',
  causes: [
    'NodeLocal DNSCache, the EKS Pod Identity agent or another agent on the node, asked by a pod with strict security groups: all that it sends leaves the node',
    "the agent does not run on this node, so that its address is not one of the node's",
  ],
  look: [
    'ip addr   (on the node: is the address there?)',
    'ip rule   (rules with iif before the local table)',
  ],
  word: ({ self, before }) => ({
    stage: 'subnet',
    because: `${formatIpv4(before.dst)} is link-local: nothing in the VPC has it, it is known on the node alone`,
    fix: 'let the node answer: POD_SECURITY_GROUP_ENFORCING_MODE=standard where the pod has a branch ENI, and the agent on its node',
    origin: self.origin,
  }),
});

export const noNeighbour = drop<Eni>({
  code: 'eni/no-neighbour',
  means:
    'The host asked its own subnet for an address that no network interface there holds: ARP is not answered.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: [
    'nothing has this address (any more)',
    'the route on the host says on-link for an address beyond it',
  ],
  look: ['ip neigh   (FAILED or INCOMPLETE)', 'ip route get <address>'],
  word: ({ self, a, device }) => ({
    stage: 'subnet',
    because: `no network interface in ${nameOf(device(self.subnet))} holds ${formatIpv4(a)}`,
  }),
});
