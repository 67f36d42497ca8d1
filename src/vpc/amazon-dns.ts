/** Amazon DNS, the resolver of a VPC: at its primary block plus two and at 169.254.169.253. Security groups and network
 *  ACLs do not filter it, and other VPCs do not reach it ("Amazon DNS server", Amazon VPC guide). */
import { TCP, UDP } from '../packet/protocol.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { LOCAL } from '../trace/outcome.ts';
import { drop, note } from '../trace/vocabulary.ts';
import { admitTo, answerByInterface } from './built-in-services.ts';

export interface AmazonDns extends DeviceRecord {
  readonly kind: 'amazon-dns';
  /** enableDnsSupport of the VPC. */
  readonly support: boolean;
}

const DNS_PORT = 53;
const protocols = [UDP, TCP];

export const amazonDns = behaviour<AmazonDns>({
  kind: 'amazon-dns',
  label: 'Amazon DNS',
  icon: 'amazon-dns',
  notModelled: ['which names it knows: hosted zones, forwarding rules, DNS Firewall', 'Resolver endpoints'],
  receive(self, packet, walk) {
    if (walk.port === LOCAL) return answerByInterface(packet, walk);
    const end = admitTo(DNS_PORT, protocols, packet, walk);
    if (end) return end;
    if (!self.support) {
      const silent = walk.deny(supportOff);
      if (silent) return silent;
    }
    walk.remark(packetLimit);
    return walk.deliver();
  },
});

const packetLimit = note({
  name: 'DNS packet limit',
  nature: 'remark',
  word: () =>
    'Amazon DNS takes 1,024 packets a second from one network interface, those to instance metadata and time among them; more are dropped (linklocal_allowance_exceeded)',
});

export const supportOff = drop<AmazonDns>({
  code: 'dns/support-off',
  means: 'DNS support of the VPC is off, so Amazon DNS does not answer.',
  causes: ['enableDnsSupport was turned off, and hosts still ask Amazon DNS (DHCP options)'],
  look: ['aws ec2 describe-vpc-attribute --vpc-id <vpc> --attribute enableDnsSupport'],
  word: ({ self }) => ({
    stage: 'Amazon DNS',
    because: `DNS support of VPC ${self.id} is off`,
    fix: `set dnsSupport: true on VPC ${self.id}`,
    origin: self.origin,
  }),
});

/** Declared here, found by the router: a packet of another network for the resolver. */
export const askedFromOutside = drop({
  code: 'dns/asked-from-outside',
  means: 'The resolver of a VPC answers hosts of that VPC alone.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: [
    'a peer VPC, a transit gateway or an on-premises network is to ask the resolver of this VPC directly',
    'DHCP options were copied from another VPC with its DNS server in them',
  ],
  look: ['aws ec2 describe-dhcp-options', 'aws route53resolver list-resolver-endpoints'],
  word: ({ self }) => ({
    stage: 'local delivery',
    because: `Amazon DNS of VPC ${self.id} takes packets of its own VPC only`,
    fix: `make an inbound endpoint of Route 53 Resolver in VPC ${self.id}, and ask that`,
  }),
});
