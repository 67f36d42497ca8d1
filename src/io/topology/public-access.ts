/** VPC Block Public Access: one setting for each account and Region, with exclusions of VPCs and subnets there. */
import type { TopologyFile } from '../../world/schema.ts';
import type { BlockPublicAccessSpec, VpcSpec } from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, namesOf } from './names.ts';

type AccessFile = NonNullable<TopologyFile['blockPublicAccess']>[number];
type ExclusionFile = NonNullable<AccessFile['exclusions']>[number];

export function readPublicAccess(
  reading: Reading,
  file: TopologyFile,
  vpcs: readonly VpcSpec[],
): readonly BlockPublicAccessSpec[] {
  const seen = new Set<string>();
  return (file.blockPublicAccess ?? []).flatMap((written, index): readonly BlockPublicAccessSpec[] => {
    const path = `blockPublicAccess.${index}`;
    const account = written.account ?? reading.fill(`${path}.account`, vpcs[0]?.account ?? '', 'vpcsim');
    const region = written.region ?? reading.fill(`${path}.region`, vpcs[0]?.region ?? '', 'vpcsim');
    const place = `${account} in ${region}`;
    if (seen.has(place)) {
      const message = `Block Public Access of account ${place} is written twice`;
      reading.error(reading.of(file.blockPublicAccess!, index), { code: 'topology/duplicate-name', message });
      return [];
    }
    seen.add(place);
    const here = vpcs.filter((vpc) => vpc.account === account && vpc.region === region);
    const exclusions = (written.exclusions ?? []).flatMap((each) =>
      readExclusion(reading, each, here, place),
    );
    if (written.mode === 'off') return [];
    return [{ account, region, mode: written.mode, exclusions, origin: reading.of(written) }];
  });
}

function readExclusion(
  reading: Reading,
  written: ExclusionFile,
  vpcs: readonly VpcSpec[],
  place: string,
): BlockPublicAccessSpec['exclusions'] {
  const { vpc, subnet, mode } = written;
  if ((vpc === undefined) === (subnet === undefined)) {
    const message = 'an exclusion is of a VPC or of a subnet';
    reading.error(reading.of(written), { code: 'topology/misplaced-key', message });
    return [];
  }
  if (vpc !== undefined) {
    const known = namesOf(vpcs);
    return checkReference(reading, written, 'vpc', `VPC of account ${place}`, vpc, known)
      ? [{ vpc, subnet: undefined, mode }]
      : [];
  }
  const known = new Set(vpcs.flatMap(({ subnets }) => [...namesOf(subnets)]));
  if (!checkReference(reading, written, 'subnet', `subnet of account ${place}`, subnet!, known)) return [];
  const owner = vpcs.find(({ subnets }) => namesOf(subnets).has(subnet!))!;
  return [{ vpc: owner.name, subnet, mode }];
}
