/** Where the name of an AWS service leads, as the resolver of the sender's VPC answers it: to the interfaces of an
 *  interface endpoint with private DNS, else to public addresses ("Manage DNS names for VPC endpoint services" and
 *  "Access an AWS service using an interface VPC endpoint", AWS PrivateLink guide). */
import { formatIpv4 } from '../addressing/ip.ts';
import { suggestion } from '../base/nearest.ts';
import { awsServiceNames, dnsNameOf, type ServiceName } from './aws-services.ts';
import { asksAmazonDns } from './built-in-names.ts';
import { type Found, found, missing } from './found.ts';
import type { Sender } from './sender.ts';
import { placeOf } from './standing.ts';
import type { Target } from './target.ts';
import type { VpcSpec } from './vpc-spec.ts';
import type { EndpointState, World } from './world.ts';

export const HTTPS_PORT = 443;

/** In a VPC with a gateway endpoint for the same service, private DNS of an interface endpoint is for who asks from
 *  outside through the resolver's inbound endpoint ("Private DNS", Amazon S3 guide): AWS's default for a new endpoint. */
const PRIVATE_DNS_IS_FOR_INBOUND_BESIDE_A_GATEWAY = true;

export function awsTarget(
  world: World,
  name: ServiceName,
  from: Sender,
  port: number,
  label: string,
): Found<Target> {
  const place = placeOf(world, from);
  const region = name.region ?? place?.vpc.region ?? world.topology.vpcs[0]?.region;
  const { service } = name;
  if (place && region !== undefined) {
    if (asksAmazonDns(place.vpc) && !place.vpc.dnsSupport)
      return missing(
        'usage/unresolved',
        `${dnsNameOf(service, region)} does not resolve in VPC ${place.vpc.name}: Amazon DNS does not answer there`,
        'dnsSupport: false is written on the VPC',
      );
    const private_ =
      name.global || region !== place.vpc.region ? undefined : privateAnswer(world, place.vpc, service);
    if (typeof private_ === 'object')
      return found({ addresses: addressesOf(private_, place.az), port, label });
    const known = publicAnswer(world, service, region, port, label, private_);
    if (known) return known;
  }
  const known =
    region === undefined ? undefined : publicAnswer(world, service, region, port, label, undefined);
  return known ?? unknownService(world, name, region);
}

/** The endpoint that answers under the service's name in this VPC; or why none does where one could; or nothing. */
function privateAnswer(world: World, vpc: VpcSpec, service: string): EndpointState | string | undefined {
  const own = world.endpoints.filter((each) => each.vpc === vpc.name && each.service === service);
  const endpoint = own.find(({ type, addresses }) => type === 'interface' && addresses.length > 0);
  if (!endpoint) return undefined;
  const { name } = endpoint;
  if (!endpoint.privateDns) return `endpoint ${name} has no private DNS`;
  if (!asksAmazonDns(vpc))
    return `the DHCP options of VPC ${vpc.name} name other DNS servers, which are taken not to know private DNS of endpoint ${name}`;
  if (!vpc.dnsHostnames)
    return `private DNS of endpoint ${name} needs dnsHostnames, which is off in VPC ${vpc.name}`;
  if (endpoint.state !== 'available')
    return `endpoint ${name} is ${endpoint.state}: its private DNS is not in effect`;
  if (PRIVATE_DNS_IS_FOR_INBOUND_BESIDE_A_GATEWAY && own.some(({ type }) => type === 'gateway'))
    return `beside a gateway endpoint, private DNS of endpoint ${name} is taken to be for who asks from outside the VPC`;
  return endpoint;
}

/** The addresses of an endpoint, those of the sender's own zone first. */
export function addressesOf({ name, addresses }: EndpointState, az: string | undefined): Target['addresses'] {
  const near = addresses.filter((each) => each.az === az);
  const far = addresses.filter((each) => each.az !== az);
  return [...near, ...far].map(({ address, az: zone }) => ({
    address,
    weight: 1 / addresses.length,
    label: `endpoint/${name} ${formatIpv4(address)} (${zone})`,
  }));
}

function publicAnswer(
  world: World,
  service: string,
  region: string,
  port: number,
  label: string,
  why: string | undefined,
): Found<Target> | undefined {
  const known = world.awsServices.find((each) => each.service === service && each.region === region);
  if (!known) return undefined;
  const address = formatIpv4(known.address);
  const remark = `${address} stands for the public addresses of ${dnsNameOf(service, region)}${why === undefined ? '' : `: ${why}`}`;
  return found({ addresses: [{ address: known.address, weight: 1, label: '' }], port, label, remark });
}

function unknownService(world: World, { service }: ServiceName, region: string | undefined): Found<Target> {
  const regions = [...new Set(world.awsServices.map((each) => each.region))];
  if (awsServiceNames.includes(service))
    return missing(
      'usage/unknown-region',
      region === undefined
        ? 'the topology has no VPC, so no Region'
        : `no VPC of the topology is in ${region}`,
      regions.length > 0 ? `Regions here: ${regions.join(', ')}` : undefined,
    );
  return missing('usage/unknown-name', `no AWS service "${service}"`, suggestion(service, awsServiceNames));
}
