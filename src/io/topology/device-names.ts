/** Names that stand for one thing in the whole topology, as `kind/NAME` names it: two VPCs cannot both use one. */
import type { TopologyFile } from '../../world/schema.ts';
import type { VpcFile } from '../../world/schema-vpc.ts';
import type { Reading } from '../reading.ts';

type Names = readonly { readonly name?: string | undefined }[] | undefined;

/** Each entry is one space of names. Inside a VPC the readers of its parts look for duplicates. */
const spaces: readonly (readonly [what: string, namesOf: (vpc: VpcFile) => Names])[] = [
  ['a subnet', ({ subnets }) => subnets],
  ['an internet gateway', ({ internetGateway }) => internetGateway && [internetGateway]],
  ['an egress-only internet gateway', ({ egressOnlyInternetGateway: gateway }) => gateway && [gateway]],
  ['a virtual private gateway', ({ vpnGateway }) => vpnGateway && [vpnGateway]],
  ['a NAT gateway', ({ natGateways }) => natGateways],
  ['an endpoint', ({ endpoints }) => endpoints],
  ['a network interface', ({ interfaces }) => interfaces],
  ['a load balancer', ({ loadBalancers }) => loadBalancers],
];

export function checkDeviceNames(reading: Reading, file: TopologyFile): void {
  for (const [what, namesOf] of spaces) {
    const owners = new Map<string, string>();
    for (const vpc of file.vpcs ?? [])
      for (const item of namesOf(vpc) ?? []) {
        if (item.name === undefined) continue;
        const owner = owners.get(item.name);
        if (owner !== undefined && owner !== vpc.name)
          reading.error(reading.of(item, 'name'), {
            code: 'topology/duplicate-name',
            message: `${JSON.stringify(item.name)} already names ${what} of VPC ${JSON.stringify(owner)}`,
            hint: `such as ${vpc.name}-${item.name}: traces name it without its VPC`,
          });
        else owners.set(item.name, vpc.name);
      }
  }
}
