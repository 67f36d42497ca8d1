/** Words of the internet gateway: its steps and drop codes. */
import { formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import type { DeviceRecord } from '../trace/device.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import { bringUp, type NetworkChange } from './changes.ts';
import type { Eni } from './eni.ts';
import type { InternetGateway } from './internet-gateway.ts';
import { nameOf } from './records.ts';

const stage = 'internet gateway';

export const translated = step<InternetGateway>('one-to-one NAT', ({ a, before, after }) => ({
  stage,
  because: a
    ? `${formatIpv4(before.dst)} is the public address of ${formatIpv4(after.dst)}`
    : `${formatIpv4(before.src)} has the public address ${formatIpv4(after.src)}`,
}));

export const ofNatGateway = step<InternetGateway>('address of a NAT gateway', ({ a, before }) => ({
  stage,
  because: `${formatIpv4(a ? before.dst : before.src)} is an address of a regional NAT gateway, which has no private one`,
}));

export const noPublicAddress = drop<InternetGateway>({
  code: 'igw/no-public-address',
  means: 'The source has no public address, so the internet gateway cannot translate it.',
  aws: 'IGW_PUBLIC_IP_ASSOCIATION_FOR_EGRESS',
  causes: [
    'a pod in a public subnet leaves with its own address (AWS_VPC_K8S_CNI_EXTERNALSNAT=true): the public address of a node belongs to its primary private address only',
    'the subnet does not give public addresses (MapPublicIpOnLaunch) and no Elastic IP is associated',
    'a private NAT gateway is routed to the internet gateway',
  ],
  look: [
    'aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address> --query "NetworkInterfaces[].PrivateIpAddresses[].Association"',
    'kubectl -n kube-system get daemonset aws-node -o yaml | grep -A1 EXTERNALSNAT',
  ],
  word: ({ self, a, before, device }) => {
    const src = formatIpv4(before.src);
    const owner = a < 0 ? undefined : (device(a) as DeviceRecord & { readonly address?: number });
    const secondary =
      owner?.address !== undefined && owner.address !== before.src
        ? self.publicOf.get(owner.address)
        : undefined;
    return {
      stage,
      because: `${src} has no public address`,
      nearest:
        secondary === undefined
          ? undefined
          : `${formatIpv4(secondary)} belongs to ${formatIpv4(owner!.address!)}, the primary address of ${nameOf(owner!)}, not to ${src}`,
      fix:
        secondary === undefined
          ? `associate a public address with ${src}, or route its subnet to a NAT gateway`
          : `let the node translate ${src} to its primary address (AWS_VPC_K8S_CNI_EXTERNALSNAT=false), or route its subnet to a NAT gateway`,
      change:
        secondary !== undefined && device((owner as Eni).host).kind === 'node'
          ? ({
              kind: 'cni-environment',
              variable: 'AWS_VPC_K8S_CNI_EXTERNALSNAT',
              value: 'false',
            } satisfies NetworkChange)
          : undefined,
    };
  },
});

export const spoofedSource = drop<InternetGateway>({
  code: 'igw/spoofed-source',
  means: 'No network interface of the VPC has the source address: a gateway takes no spoofed packets.',
  aws: 'GATEWAY_REJECTS_SPOOFED_TRAFFIC',
  causes: [
    'an overlay network or a VPN client behind an instance: its addresses are none of the VPC, and nothing translates them',
    'the interface that had the address was deleted',
  ],
  look: ['aws ec2 describe-network-interfaces --filters Name=addresses.private-ip-address,Values=<address>'],
  word: ({ before }) => ({
    stage,
    because: `no network interface of the VPC has ${formatIpv4(before.src)}`,
    fix: `translate ${formatIpv4(before.src)} to an address of the instance that sends for it (MASQUERADE)`,
  }),
});

export const notAttached = drop<InternetGateway>({
  code: 'igw/not-attached',
  means: 'The internet gateway is not attached to the VPC.',
  aws: 'BAD_STATE_ATTACHMENT',
  causes: ['it was detached, or is about to be', 'it was created and never attached'],
  look: ['aws ec2 describe-internet-gateways --query "InternetGateways[].Attachments[]"'],
  word: ({ self }) => ({
    stage,
    because: `its attachment to the VPC is ${self.state}`,
    fix: `attach internet-gateway/${self.id} to the VPC`,
    change: bringUp('internet-gateway', self.id),
    origin: self.origin,
  }),
});

export const privateDestination = drop<InternetGateway>({
  code: 'igw/private-destination',
  means: 'The internet gateway does not send packets to private addresses (RFC 1918).',
  aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC1918_EGRESS',
  causes: [
    'the default route caught a private destination: the route to the peer network is missing',
    'an address of the Service CIDR left its node untranslated',
  ],
  look: ['aws ec2 describe-route-tables', 'iptables-save -t nat | grep <address>   (on the node)'],
  word: ({ before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is private (RFC 1918): not sent to the internet`,
    fix: `add a route to ${formatIpv4(before.dst)}/32 that does not lead to an internet gateway`,
  }),
});

export const sharedDestination = drop<InternetGateway>({
  code: 'igw/cgnat-destination',
  means: 'The internet gateway does not send packets to shared address space (100.64.0.0/10, RFC 6598).',
  aws: 'IGW_DESTINATION_ADDRESS_NOT_IN_RFC6598_EGRESS',
  causes: ['pods of another VPC have addresses in 100.64.0.0/10, and the route to that VPC is missing'],
  look: ['aws ec2 describe-route-tables'],
  word: ({ before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is in 100.64.0.0/10 (RFC 6598): not sent to the internet`,
    fix: `add a route to ${formatIpv4(before.dst)}/32 that does not lead to an internet gateway`,
  }),
});

export const privateSource = drop<InternetGateway>({
  code: 'igw/private-source',
  means: 'The internet gateway takes no packets from private sources (RFC 1918).',
  aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC1918_INGRESS',
  causes: ['the outside host was given a private address: its own NAT is missing from the topology'],
  look: ['the source address that the packet has on the internet'],
  word: ({ before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is private (RFC 1918)`,
    fix: 'give the outside host its public address',
  }),
});

export const sharedSource = drop<InternetGateway>({
  code: 'igw/cgnat-source',
  means: 'The internet gateway takes no packets from shared address space (100.64.0.0/10, RFC 6598).',
  aws: 'IGW_SOURCE_ADDRESS_NOT_IN_RFC6598_INGRESS',
  causes: ["the outside host was given its carrier's shared address in place of the public one"],
  look: ['the source address that the packet has on the internet'],
  word: ({ before }) => ({
    stage,
    because: `the source ${formatIpv4(before.src)} is in 100.64.0.0/10 (RFC 6598)`,
    fix: 'give the outside host its public address',
  }),
});

export const unknownPublicAddress = drop<InternetGateway>({
  code: 'igw/unknown-public-address',
  means: 'No network interface of the VPC has this public address.',
  aws: 'IGW_PRIVATE_IP_ASSOCIATION_FOR_INGRESS',
  causes: ['the Elastic IP was disassociated', 'the instance was stopped and got another public address'],
  look: ['aws ec2 describe-addresses', 'aws ec2 describe-network-interfaces'],
  word: ({ self, before }) => ({
    stage,
    because: `${formatIpv4(before.dst)} is the public address of no interface in ${self.cidrs.map(formatCidr).join(', ')}`,
    fix: `associate ${formatIpv4(before.dst)} with a network interface`,
  }),
});

export const edgeTable6 = note<InternetGateway>({
  name: 'gateway route table and IPv6',
  nature: 'limit',
  word: ({ self }) =>
    `what the route table of internet-gateway/${self.id} does with packets of IPv6 is not modelled`,
});

export const untranslated = step<InternetGateway>('IPv6', ({ a, before }) => ({
  stage,
  because: `${formatIpv4(a ? before.dst : before.src)} is public as it is: addresses of IPv6 are not translated`,
}));
