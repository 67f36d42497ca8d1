/** Attributes of load balancers and target groups. The commands print them without the name of what they belong to, so
 *  that dumps hold them as lists of {LoadBalancerArn | TargetGroupArn, Attributes}. */
import { type Account, all } from '../aws/account.ts';
import { parts, text } from '../aws/resource.ts';

/** Key -> value of one load balancer or target group; empty where nothing is described. */
export function attributesOf(
  account: Account,
  collection: 'LoadBalancerAttributes' | 'TargetGroupAttributes',
  arn: string,
): Readonly<Record<string, string>> {
  const owner = all(account, collection).find(
    (each) => (text(each, 'LoadBalancerArn') ?? text(each, 'TargetGroupArn')) === arn,
  );
  const pairs = owner ? parts(owner, 'Attributes') : [];
  return Object.fromEntries(pairs.map((each) => [text(each, 'Key') ?? '', text(each, 'Value') ?? '']));
}
