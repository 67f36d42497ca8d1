/** `describe-nat-gateways` (EC2 API, NatGateway) as NAT gateways of the topology file. */
import { type Account, made } from './account.ts';
import { parts, type Resource, text } from './resource.ts';

export function natGatewayOf(account: Account, gateway: Resource): Record<string, unknown> {
  const state = text(gateway, 'State');
  const regional = text(gateway, 'AvailabilityMode') === 'regional';
  const addresses = parts(gateway, 'NatGatewayAddresses').map((each) =>
    made(account, each, { private: text(each, 'PrivateIp'), public: text(each, 'PublicIp') }),
  );
  return made(account, gateway, {
    name: text(gateway, 'NatGatewayId'),
    subnet: text(gateway, 'SubnetId'),
    connectivity: text(gateway, 'ConnectivityType'),
    availability: regional ? 'regional' : undefined,
    addresses: addresses.length > 0 ? addresses : undefined,
    state: state === 'available' ? undefined : state,
  });
}
