/** `describe-vpc-endpoints` (EC2 API, VpcEndpoint) as endpoints of the topology file. */
import { type Account, described, leftOut, made } from './account.ts';
import { groupsOf } from './interfaces.ts';
import { flag, type Resource, text, texts } from './resource.ts';

export function endpointOf(account: Account, endpoint: Resource): Record<string, unknown> | undefined {
  const kind = text(endpoint, 'VpcEndpointType') ?? 'Gateway';
  const service = serviceOf(text(endpoint, 'ServiceName'));
  const state = text(endpoint, 'State')?.toLowerCase();
  if (state === 'deleted' || state === 'rejected' || state === 'expired') return undefined;
  if ((kind !== 'Gateway' && kind !== 'Interface') || service === undefined) {
    leftOut(account, endpoint, `an endpoint of type ${kind} is not understood, and is left out`);
    return undefined;
  }
  const common = {
    name: text(endpoint, 'VpcEndpointId'),
    service,
    type: kind.toLowerCase(),
    state: state === 'available' ? undefined : state,
  };
  if (kind === 'Gateway')
    return made(account, endpoint, {
      ...common,
      routeTables: described(account, endpoint, 'RouteTables', texts(endpoint, 'RouteTableIds')),
    });
  return made(account, endpoint, {
    ...common,
    subnets: described(account, endpoint, 'Subnets', texts(endpoint, 'SubnetIds')),
    securityGroups: described(account, endpoint, 'SecurityGroups', groupsOf(endpoint, 'Groups')),
    privateDns: flag(endpoint, 'PrivateDnsEnabled'),
  });
}

/** "ecr.dkr" of com.amazonaws.us-east-1.ecr.dkr; of a service of somebody's own, what stands last. */
function serviceOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const own = /^com\.amazonaws\.vpce\.[a-z0-9-]+\.(vpce-svc-\w+)$/.exec(name);
  if (own) return own[1];
  return /^(?:com\.amazonaws|aws\.\w+)\.(?:[a-z]{2,4}(?:-[a-z]+)+-\d\.)?(.+)$/.exec(name)?.[1] ?? name;
}
