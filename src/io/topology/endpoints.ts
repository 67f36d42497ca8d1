/** VPC endpoints (AWS PrivateLink guide): gateway endpoints with their route tables, interface endpoints with their
 *  subnets, at most one in a zone. */
import type { Ipv4 } from '../../addressing/ip.ts';
import { GATEWAY_SERVICES } from '../../vpc/aws-service-blocks.ts';
import { prefixListNamed } from '../../world/prefix-lists.ts';
import type { EndpointFile, VpcFile } from '../../world/schema-vpc.ts';
import type {
  EndpointSpec,
  PrefixListSpec,
  RouteTableSpec,
  SecurityGroupSpec,
  SubnetSpec,
} from '../../world/vpc-spec.ts';
import type { Reading } from '../reading.ts';
import { checkReference, checkReferences, namesOf } from './names.ts';
import { DEFAULT_GROUP } from './rule-peers.ts';
import { readAddress } from './values.ts';

/** What endpoints of a VPC may name. */
export interface EndpointContext {
  readonly region: string;
  readonly routeTables: readonly RouteTableSpec[];
  readonly subnets: readonly SubnetSpec[];
  readonly made: readonly SecurityGroupSpec[];
  readonly prefixLists: readonly PrefixListSpec[];
}

export function readEndpoints(
  reading: Reading,
  vpc: VpcFile,
  context: EndpointContext,
): readonly EndpointSpec[] {
  const endpoints = (vpc.endpoints ?? []).map((endpoint) =>
    endpoint.type === 'gateway'
      ? readGateway(reading, vpc, endpoint, context)
      : readInterface(reading, vpc, endpoint, context),
  );
  checkRoutes(reading, endpoints, context);
  checkRegistry(reading, endpoints);
  return endpoints;
}

function readGateway(
  reading: Reading,
  vpc: VpcFile,
  endpoint: EndpointFile,
  { region, routeTables, prefixLists }: EndpointContext,
): EndpointSpec {
  const { name, state = 'available' } = endpoint;
  const service = serviceOf(endpoint, region);
  const path = `vpcs.${vpc.name}.endpoints.${name}`;
  if (!GATEWAY_SERVICES.some((each) => each === service))
    reading.error(reading.of(endpoint, 'service'), {
      code: 'endpoint/no-gateway-service',
      message: `${service} has no gateway endpoints`,
      hint: `${GATEWAY_SERVICES.join(' and ')} have; write type: interface`,
    });
  else if (!prefixListNamed(prefixLists, service, region))
    reading.error(reading.of(endpoint, 'service'), {
      code: 'endpoint/no-prefix-list',
      message: `which blocks ${service} has in ${region} is not known`,
      hint: `write them: prefixLists: [{ name: ${service}, cidrs: [...] }]`,
    });
  for (const key of ['subnets', 'addresses', 'securityGroups', 'privateDns', 'zones'] as const)
    if (endpoint[key] !== undefined) misplaced(reading, endpoint, key, 'an interface endpoint');
  const tables = endpoint.routeTables ?? [];
  checkReferences(reading, tables, 'route table', namesOf(routeTables));
  if (endpoint.routeTables === undefined)
    reading.fill(`${path}.routeTables`, [], 'AWS', 'none: nothing is routed to it');
  return {
    ...{ name, service, type: 'gateway', state, origin: reading.of(endpoint) },
    ...{ routeTables: tables, subnets: [], securityGroups: [], privateDns: false },
  };
}

function readInterface(
  reading: Reading,
  vpc: VpcFile,
  endpoint: EndpointFile,
  { region, made, ...context }: EndpointContext,
): EndpointSpec {
  const { name, zones, state = 'available' } = endpoint;
  const path = `vpcs.${vpc.name}.endpoints.${name}`;
  if (endpoint.routeTables !== undefined) misplaced(reading, endpoint, 'routeTables', 'a gateway endpoint');
  const groups = namesOf([...(vpc.securityGroups ?? []), ...made]).add(DEFAULT_GROUP);
  return {
    ...{ name, service: serviceOf(endpoint, region), type: 'interface', state, origin: reading.of(endpoint) },
    routeTables: [],
    subnets: readPlaces(reading, endpoint, context.subnets),
    ...(endpoint.addresses && { addresses: readAddresses(reading, endpoint, endpoint.addresses) }),
    securityGroups: endpoint.securityGroups
      ? checkReferences(reading, endpoint.securityGroups, 'security group', groups)
      : [reading.fill(`${path}.securityGroups`, DEFAULT_GROUP, 'AWS')],
    privateDns: endpoint.privateDns ?? reading.fill(`${path}.privateDns`, true, 'AWS'),
    ...(zones && { zones }),
  };
}

/** By subnet of the endpoint. */
function readAddresses(
  reading: Reading,
  { subnets = [] }: EndpointFile,
  written: Readonly<Record<string, string>>,
): ReadonlyMap<string, Ipv4> {
  const found = new Map<string, Ipv4>();
  const known = new Set(subnets);
  for (const [subnet, text] of Object.entries(written)) {
    const address = readAddress(reading, written, subnet, text);
    const here = checkReference(reading, written, subnet, 'subnet of the endpoint', subnet, known);
    if (address !== undefined && here) found.set(subnet, address);
  }
  return found;
}

/** Its subnets, of which each zone has at most one. */
function readPlaces(
  reading: Reading,
  endpoint: EndpointFile,
  subnets: readonly SubnetSpec[],
): readonly string[] {
  const written = endpoint.subnets ?? [];
  const zones = new Map<string, string>();
  return checkReferences(reading, written, 'subnet', namesOf(subnets)).filter((name) => {
    const { az } = subnets.find((subnet) => subnet.name === name)!;
    const other = zones.get(az);
    zones.set(az, name);
    if (other === undefined) return true;
    reading.error(reading.of(written, written.indexOf(name)), {
      code: 'endpoint/two-subnets-in-a-zone',
      message: `${name} and ${other} are both in ${az}: an endpoint has one subnet in a zone`,
    });
    return false;
  });
}

/** "com.amazonaws.us-east-1.s3" is "s3"; the name of an endpoint service of somebody else stays whole. */
function serviceOf({ service }: EndpointFile, region: string): string {
  const prefix = `com.amazonaws.${region}.`;
  return service.startsWith(prefix) ? service.slice(prefix.length) : service;
}

function misplaced(reading: Reading, endpoint: EndpointFile, key: keyof EndpointFile, whose: string): void {
  const message = `${key} belongs to ${whose}, and ${endpoint.name} is of type ${endpoint.type}`;
  reading.error(reading.of(endpoint, key), { code: 'endpoint/wrong-type', message });
}

/** What is routed to a gateway endpoint is its service's prefix list, and no other block. */
function checkRoutes(
  reading: Reading,
  endpoints: readonly EndpointSpec[],
  { routeTables }: EndpointContext,
): void {
  for (const { routes } of routeTables)
    for (const { via, prefixList, origin } of routes) {
      const endpoint = endpoints.find(({ name }) => name === via);
      if (
        endpoint?.type === 'gateway' &&
        prefixList?.replace(/^com\.amazonaws\..*\./, '') !== endpoint.service
      )
        reading.error(origin, {
          code: 'endpoint/route',
          message: `${via} is a gateway endpoint for ${endpoint.service}: only pl/${endpoint.service} is routed to it`,
          hint: `associate it with the table: routeTables of endpoint ${via}`,
        });
    }
}

/** Images come from S3, by addresses that ecr.dkr hands out after ecr.api has authorised ("Amazon ECR interface VPC
 *  endpoints"). */
function checkRegistry(reading: Reading, endpoints: readonly EndpointSpec[]): void {
  const registry = endpoints.find(({ service }) => service === 'ecr.api' || service === 'ecr.dkr');
  if (!registry) return;
  const needed = ['ecr.api', 'ecr.dkr', 's3'].filter(
    (each) => !endpoints.some(({ service }) => service === each),
  );
  if (needed.length === 0) return;
  reading.warn(registry.origin, {
    code: 'endpoint/registry-incomplete',
    message: `images come through ecr.api, ecr.dkr and s3, and this VPC has no endpoint for ${needed.join(' and ')}`,
    hint: 'without them an image pull needs a way to the internet',
  });
}
