/** The public endpoint of the Kubernetes API: on the internet, for the sources in publicAccessCidrs only ("Cluster API
 *  server endpoint", Amazon EKS guide). */

import { type Cidr, contains, formatCidr } from '../addressing/cidr.ts';
import { formatIpv4 } from '../addressing/ip.ts';
import { behaviour, type DeviceRecord } from '../trace/device.ts';
import { deliverTo } from '../trace/listening.ts';
import { originate } from '../trace/mtu.ts';
import { LOCAL, MATCHED } from '../trace/outcome.ts';
import { drop, step } from '../trace/vocabulary.ts';
import type { NetworkChange } from './changes.ts';
import { apiServerListening } from './eks-control-plane.ts';
import { INTERNET_MTU } from './mtu.ts';
import { INTERNET_FROM_OUTSIDE } from './ports.ts';

export interface EksApiEndpoint extends DeviceRecord {
  readonly kind: 'eks-api-endpoint';
  readonly address: number;
  readonly publicCidrs: readonly Cidr[];
  /** Index of the internet. */
  readonly internet: number;
}

export const eksApiEndpoint = behaviour<EksApiEndpoint>({
  kind: 'eks-api-endpoint',
  label: 'EKS public API endpoint',
  icon: 'eks',
  notModelled: ['authentication and authorisation', 'that its name has several addresses'],
  receive(self, packet, walk) {
    if (walk.port === LOCAL)
      return originate(walk, packet, INTERNET_MTU) || walk.forward(self.internet, INTERNET_FROM_OUTSIDE);
    if (!walk.reply) {
      let block = 0;
      while (block < self.publicCidrs.length && !contains(self.publicCidrs[block]!, packet.src)) block++;
      if (block < self.publicCidrs.length) walk.step(admitted, MATCHED, block);
      else {
        const end = walk.deny(sourceNotAllowed);
        if (end) return end;
      }
    }
    return deliverTo(walk, packet, apiServerListening);
  },
});

const stage = 'public access';

const admitted = step<EksApiEndpoint>('public access', ({ self, a, before }) => ({
  stage,
  rule: `publicAccessCidrs ${formatCidr(self.publicCidrs[a]!)}`,
  because: `${formatIpv4(before.src)} is in ${formatCidr(self.publicCidrs[a]!)}`,
}));

export const sourceNotAllowed = drop<EksApiEndpoint>({
  code: 'eks/source-not-allowed',
  means: 'The public endpoint of the cluster takes packets from publicAccessCidrs only.',
  causes: [
    'publicAccessCidrs omits the public address of the NAT gateway that the nodes leave by',
    'nodes in private subnets use the public endpoint because the private one is off',
  ],
  look: ['aws eks describe-cluster --name <cluster> --query cluster.resourcesVpcConfig'],
  word: ({ self, before }) => ({
    stage,
    because: `${formatIpv4(before.src)} is in none of publicAccessCidrs (${self.publicCidrs.map(formatCidr).join(', ') || 'empty'})`,
    fix: `add ${formatIpv4(before.src)}/32 to publicAccessCidrs, or enable private endpoint access`,
    change: {
      kind: 'public-access-cidr',
      cidr: { base: before.src, length: 32 },
    } satisfies NetworkChange,
  }),
});
