/** `describe-nat-gateways` (EC2 API, NatGateway) as NAT gateways of the topology file. */
import { type Account, has, made, nowhere } from './account.ts';
import { parts, type Resource, text } from './resource.ts';

/** Undefined for one that is gone, or stands in a subnet that no file describes. */
export function natGatewayOf(account: Account, gateway: Resource): Record<string, unknown> | undefined {
  if (text(gateway, 'State') === 'deleted') return undefined;
  const subnet = text(gateway, 'SubnetId');
  if (subnet !== undefined && !has(account, 'Subnets', subnet)) {
    nowhere(account, gateway, subnet, 'the NAT gateway is left out');
    return undefined;
  }
  const state = text(gateway, 'State');
  const regional = text(gateway, 'AvailabilityMode') === 'regional';
  const addresses = parts(gateway, 'NatGatewayAddresses').map((each) =>
    made(account, each, { private: text(each, 'PrivateIp'), public: text(each, 'PublicIp') }),
  );
  return made(account, gateway, {
    name: text(gateway, 'NatGatewayId'),
    subnet,
    connectivity: text(gateway, 'ConnectivityType'),
    availability: regional ? 'regional' : undefined,
    addresses: addresses.length > 0 ? addresses : undefined,
    state: state === 'available' ? undefined : state,
  });
}
