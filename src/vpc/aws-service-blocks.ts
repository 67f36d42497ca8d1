/** Where AWS's managed prefix lists of Amazon S3 and DynamoDB lead. Nobody publishes what is in these lists; they are
 *  taken to hold the blocks that AWS publishes for the service in that Region. */
import { type Cidr, cidr } from '../addressing/cidr.ts';
import { SERVICE_BLOCKS } from './data/service-blocks.ts';

/** Services that have a gateway endpoint, and a prefix list in every Region ("Gateway endpoints", AWS PrivateLink). */
export const GATEWAY_SERVICES = ['s3', 'dynamodb'] as const;

export type GatewayService = (typeof GATEWAY_SERVICES)[number];

/** What a security group rule that names one counts for ("AWS-managed prefix list weight", Amazon VPC guide). */
export const GATEWAY_SERVICE_WEIGHT = 1;

let table: ReadonlyMap<string, string> | undefined;

/** The service's blocks in a Region, ascending; none where the Region is not in the table. */
export function serviceBlocks(region: string, service: GatewayService): readonly Cidr[] {
  table ??= new Map(
    SERVICE_BLOCKS.trim()
      .split('\n')
      .flatMap((line) => {
        const [name, ...lists] = line.split(' | ');
        return lists.map((list): [string, string] => {
          const space = list.indexOf(' ');
          return [`${name} ${list.slice(0, space)}`, list.slice(space + 1)];
        });
      }),
  );
  return table.get(`${region} ${service}`)?.split(' ').map(cidr) ?? [];
}
