/** `describe-vpc-endpoints` (EC2 API, VpcEndpoint) as endpoints of the topology file. */
import { type Account, described, leftOut, made, nowhere } from './account.ts';
import { groupsOf } from './interfaces.ts';
import { knowsBlocks } from './prefix-lists.ts';
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
  if (kind === 'Gateway' && !knowsBlocks(account, service, regionOf(text(endpoint, 'ServiceName')!))) {
    nowhere(
      account,
      endpoint,
      `the blocks of ${service}`,
      'the endpoint is left out, its routes are unknown',
    );
    return undefined;
  }
  if (kind === 'Gateway')
    return made(account, endpoint, {
      ...common,
      routeTables: described(account, endpoint, 'RouteTables', texts(endpoint, 'RouteTableIds')),
    });
  return made(account, endpoint, {
    ...common,
    subnets: described(account, endpoint, 'Subnets', texts(endpoint, 'SubnetIds')),
    addresses: addressesOf(account, endpoint),
    securityGroups: groupsOf(endpoint, 'Groups'),
    privateDns: flag(endpoint, 'PrivateDnsEnabled'),
  });
}

/** By subnet, where its interfaces are described. */
function addressesOf(account: Account, endpoint: Resource): Record<string, string> | undefined {
  const enis = texts(endpoint, 'NetworkInterfaceIds').map((id) =>
    account.inventory.of('NetworkInterfaces')?.get(id),
  );
  const pairs = enis.flatMap((eni) => {
    const [subnet, address] = [text(eni, 'SubnetId'), text(eni, 'PrivateIpAddress')];
    const here = subnet !== undefined && texts(endpoint, 'SubnetIds').includes(subnet);
    return here && address !== undefined ? [[subnet, address] as const] : [];
  });
  return pairs.length > 0 ? Object.fromEntries(pairs) : undefined;
}

/** The Region in the name of a service. */
function regionOf(service: string): string {
  return /\.([a-z]{2,4}(?:-[a-z]+)+-\d)\./.exec(service)?.[1] ?? '';
}

/** "ecr.dkr" of com.amazonaws.us-east-1.ecr.dkr; of a service of somebody's own, what stands last. */
function serviceOf(name: string | undefined): string | undefined {
  if (name === undefined) return undefined;
  const own = /^com\.amazonaws\.vpce\.[a-z0-9-]+\.(vpce-svc-\w+)$/.exec(name);
  if (own) return own[1];
  return /^(?:com\.amazonaws|aws\.\w+)\.(?:[a-z]{2,4}(?:-[a-z]+)+-\d\.)?(.+)$/.exec(name)?.[1] ?? name;
}
