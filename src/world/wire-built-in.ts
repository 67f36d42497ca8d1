/** Makes the built-in services of a VPC: instance metadata, Amazon DNS, Amazon Time Sync. */
import { defaulted } from '../base/origin.ts';
import { amazonDns } from '../vpc/amazon-dns.ts';
import { amazonTime } from '../vpc/amazon-time.ts';
import type { BuiltInServices } from '../vpc/built-in-services.ts';
import { instanceMetadata } from '../vpc/instance-metadata.ts';
import type { Roster } from './roster.ts';
import type { VpcSpec } from './vpc-spec.ts';

export function wireBuiltIn({ name: id, dnsSupport, origin }: VpcSpec, roster: Roster): BuiltInServices {
  const metadata = roster.index('instance-metadata', id);
  const dns = roster.index('amazon-dns', id);
  const time = roster.index('amazon-time', id);
  const built = defaulted('AWS', 'a service of every VPC');
  roster.place(instanceMetadata, {
    ...{ index: metadata, kind: 'instance-metadata', id, name: 'instance metadata', origin: built },
  });
  roster.place(amazonDns, {
    ...{ index: dns, kind: 'amazon-dns', id, name: `Amazon DNS of VPC ${id}`, origin },
    support: dnsSupport,
  });
  roster.place(amazonTime, {
    ...{ index: time, kind: 'amazon-time', id, name: 'Amazon Time Sync', origin: built },
  });
  return { metadata, dns, time };
}
