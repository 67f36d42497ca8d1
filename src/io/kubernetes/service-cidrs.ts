/** ServiceCIDRs (networking.k8s.io/v1): further ranges of ClusterIPs, one or one of each family. */
import { formatCidr, parseBlock } from '../../addressing/cidr.ts';
import { isIpv6 } from '../../addressing/ip6.ts';
import type { ServiceCidr } from '../../api/objects.ts';
import type { Reading } from '../reading.ts';
import { conform } from '../shape.ts';
import { readMetadata } from './metadata.ts';
import { serviceCidr } from './schema-service.ts';

export function readServiceCidr(reading: Reading, value: Record<string, unknown>): ServiceCidr | undefined {
  const written = conform(reading, serviceCidr, value, 'k8s');
  const metadata =
    written && readMetadata(reading, written.metadata, { namespaced: false, names: 'subdomain' });
  if (!metadata) return undefined;
  const texts = written.spec.cidrs;
  const cidrs = texts.flatMap((text, index) => {
    const block = text.includes('/') ? parseBlock(text) : undefined;
    if (block && formatCidr(block) === text.toLowerCase()) return [block];
    const message = `${JSON.stringify(text)} is not a block${block ? ' without host bits' : ''}`;
    const hint = block ? `did you mean ${formatCidr(block)}?` : 'such as 10.96.0.0/16';
    reading.error(reading.of(texts, index), { code: 'k8s/invalid-value', message, hint });
    return [];
  });
  if (new Set(cidrs.map(({ base }) => isIpv6(base))).size < cidrs.length)
    reading.error(reading.of(texts), {
      code: 'k8s/invalid-value',
      message: 'a ServiceCIDR has one block, or one of each family',
    });
  return { kind: 'ServiceCIDR', metadata, cidrs, origin: reading.of(value) };
}
