/** The public internet: one device that knows who owns which public address. What nobody in the model owns lies
 *  outside it: packets leave there, and the answer of whoever it is comes back from there. */
import { formatIpv4 } from '../addressing/ip.ts';
import { isIpv6 } from '../addressing/ip6.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL, PASSED } from '../trace/outcome.ts';
import { drop, note, step } from '../trace/vocabulary.ts';
import { isNonPublic } from './address-space.ts';
import { EGRESS_ONLY_SESSION, isReply } from './flow.ts';
import { INTERNET_MTU } from './mtu.ts';
import { FROM_INTERNET } from './ports.ts';
import { nameOf } from './records.ts';

export interface Internet extends DeviceRecord {
  readonly kind: 'internet';
  /** Addresses of IPv6 that cluster nodes have, and of which nobody knows how they are reached. */
  readonly otherAddresses: ReadonlySet<number>;
}

/** The internet's number in `Network.owners`. */
export const INTERNET_SEGMENT = 0;

export const internet = behaviour<Internet>({
  kind: 'internet',
  label: 'internet',
  icon: 'internet',
  notModelled: [
    'what happens on the internet: routing, loss, filtering by providers',
    'links of the internet with an MTU below 1500',
  ],
  receive(self, packet, walk) {
    if (walk.port === LOCAL && walk.transfer !== undefined) {
      const refused = originate(walk, packet, INTERNET_MTU);
      if (refused) return refused;
    }
    const flow = isIpv6(packet.dst) ? walk.findSession(EGRESS_ONLY_SESSION) : -1;
    const owner = isReply(flow) ? walk.sessions.mark(flow >> 1) : walk.ownerOf(INTERNET_SEGMENT, packet.dst);
    if (owner >= 0) {
      walk.step(reaches, PASSED, owner);
      return walk.forward(owner, FROM_INTERNET);
    }
    if (isIpv6(packet.dst) && self.otherAddresses.has(packet.dst))
      return walk.undetermined(notOnInternet, packet.dst);
    if (isNonPublic(packet.dst)) return walk.stop(privateDestination);
    walk.step(leaves, PASSED);
    return walk.exit();
  },
});

const notOnInternet = note<Internet>({
  name: 'IPv6 address of a node on the internet',
  nature: 'limit',
  word: ({ a }) => `${formatIpv4(a)} is an address of a cluster node: IPv6 to nodes and pods is not modelled`,
});

const reaches = step('internet', ({ a, before, device }) => ({
  stage: 'internet',
  because: `${formatIpv4(before.dst)} is reached through ${nameOf(device(a))}`,
}));

const leaves = step('outside the model', ({ before }) => ({
  stage: 'internet',
  because: `${formatIpv4(before.dst)} is a public address that nothing in the topology has: the packet leaves the model`,
}));

export const privateDestination = drop({
  code: 'internet/private-destination',
  means: 'The destination is not routed on the public internet.',
  aws: 'NO_POSSIBLE_DESTINATION',
  causes: [
    'the private address of something in a VPC was used from outside',
    'the VPN or the proxy is not up',
  ],
  look: ['the name the client resolves: a private address means an internal endpoint'],
  word: ({ before }) => ({
    stage: 'internet',
    because: `${formatIpv4(before.dst)} is no public address: nobody on the internet has a route to it`,
    fix: 'use the public address or name of the destination',
  }),
});
