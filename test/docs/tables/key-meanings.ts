/** What each key of the topology file means, and what holds where it is not written. `by` is whose default that is,
 *  as `vpcsim get defaults` says it. */

import { balancerMeanings } from './balancer-key-meanings.ts';
import { clusterMeanings, type Meaning } from './cluster-key-meanings.ts';
import { interfaceMeanings } from './interface-key-meanings.ts';
import { linkMeanings } from './link-key-meanings.ts';

const expectation = (path: string): Readonly<Record<string, Meaning>> =>
  Object.fromEntries(
    Object.entries({
      from: { means: 'where the packet starts, as in `vpcsim trace`' },
      to: { means: 'where it goes, as in `vpcsim trace`' },
      protocol: { default: '`tcp`, or that of the Service port', means: 'protocol of the packet' },
      port: { default: 'that of `to`', means: 'destination port' },
      sourcePort: { default: '49152', means: 'source port' },
      ttl: { default: '64', means: 'initial TTL' },
      strictListen: { default: '`false`', means: 'refuse where nothing declares a listener' },
      size: { default: 'small', means: 'bytes of the IP packets with data' },
      df: { default: 'as Linux', means: 'whether the sender forbids fragments (DF)' },
      seenClient: {
        default: '`false`',
        means: 'the client has been here before: session affinity applies',
      },
      uid: { default: 'not known', means: 'user that the sending process runs as' },
      gid: { default: 'not known', means: 'group that the sending process runs as' },
      oneWay: { default: '`false`', means: 'do not wait for a reply' },
      via: { default: 'by the host name', means: 'load balancer to enter by' },
      method: { default: '`GET`', means: 'HTTP method' },
      headers: { default: 'none', means: 'HTTP headers; `Host` replaces the host of the URL' },
      sourceIp: { default: "the sender's own", means: 'source address of the packet' },
      arrivingAt: {
        default: '`from` sends it',
        means: 'the packet comes in at this `NODE` or `NODE:INTERFACE`, from any address; `one-way`',
      },
      verdict: { default: 'not checked', means: 'verdict of the trace' },
      code: { default: 'not checked', means: 'drop code of some path, there or on the way back' },
      device: { default: 'not checked', means: 'where some path ends: on the way back if the reply is lost' },
      symptom: { default: 'not checked', means: '`symptom.kind` of the trace' },
      disposition: { default: 'not checked', means: 'disposition of some path' },
      paths: { default: 'not checked', means: 'how many paths' },
      remark: { default: 'not checked', means: 'a part of what a remark says' },
    }).map(([key, meaning]) => [`${path}.${key}`, meaning]),
  );

const rule = (path: string): Readonly<Record<string, Meaning>> => ({
  [`${path}.protocol`]: { means: 'protocol of the rule' },
  [`${path}.ports`]: { default: 'all', means: 'destination ports; not for ICMP' },
  [`${path}.type`]: { default: 'any', means: 'ICMP type; only for ICMP' },
  [`${path}.code`]: { default: 'any', means: 'ICMP code; only for ICMP' },
});

export const meanings: Readonly<Record<string, Meaning>> = {
  apiVersion: { means: 'format of this file' },
  kind: { means: 'kind of this file' },
  metadata: { default: 'empty', means: 'name and description' },
  include: { default: 'none', means: 'topology files that this one stands on, see [Includes](#includes)' },
  eksctl: { default: 'none', means: 'eksctl ClusterConfig that this file stands on' },
  vpcs: { default: "none; with a cluster or manifests: eksctl's VPC", by: 'eksctl', means: 'VPCs' },
  prefixLists: {
    default: "AWS's own, `s3` and `dynamodb`, of each Region",
    by: 'AWS',
    means: 'managed prefix lists, see [Prefix lists](#prefix-lists)',
  },
  cluster: { default: 'none; with manifests: a cluster of two nodes', means: 'the EKS cluster' },
  manifests: { default: 'none', means: 'Kubernetes manifests, read as they are; a path may be a folder' },
  peerings: { default: 'none', means: 'VPC peering connections, see [Links](#links)' },
  transitGateways: { default: 'none', means: 'transit gateways, see [Links](#links)' },
  connections: { default: 'none', means: 'VPN and Direct Connect connections, see [Links](#links)' },
  onPremises: { default: 'none', means: 'networks behind those connections, see [Links](#links)' },
  hosts: {
    default: 'one named `internet`, 198.51.100.7',
    by: 'vpcsim',
    means: 'machines outside every VPC, see [Hosts](#hosts)',
  },
  instances: { default: 'none', means: 'EC2 instances that are no nodes, see [Instances](#instances)' },
  instanceTypes: {
    default: 'none',
    means: 'EC2 instance types that the table lacks or has otherwise, see [Instance types](#instance-types)',
  },
  instanceTypesFile: {
    default: 'none',
    means: 'the same, as `aws ec2 describe-instance-types` prints them, JSON or YAML',
  },
  expect: { default: 'none', means: 'flows that `vpcsim check` runs, see [Expected flows](#expected-flows)' },
  variants: { default: 'none', means: 'changed topologies by name, see [Variants](#variants)' },

  'instanceTypes[].name': { means: 'its name, such as `m9z.large`' },
  'instanceTypes[].maxEnis': { means: 'how many ENIs its default network card takes' },
  'instanceTypes[].ipv4PerEni': { means: 'how many IPv4 addresses an ENI takes, its own included' },
  'instanceTypes[].networkCards': {
    default: '1',
    means: 'how many network cards it has; all take as many ENIs',
  },
  'instanceTypes[].hypervisor': {
    default: '`nitro`; none with `bareMetal`',
    means: 'prefix delegation needs `nitro` or bare metal',
  },
  'instanceTypes[].bareMetal': { default: '`false`', means: 'whether it is bare metal' },
  'instanceTypes[].vcpus': {
    default: 'not known; 2 for the CPU of nodes',
    means: 'its vCPUs: pods are capped at 110 up to 30 of them, or where not known, else at 250',
  },
  'instanceTypes[].memoryMiB': { default: 'that of its family, else 4 GiB a vCPU', means: 'its memory' },
  'instanceTypes[].branchEnis': {
    default: 'not known',
    means: 'branch ENIs for security groups for pods; 0: it takes no trunk',
  },

  'metadata.name': {
    default: 'name of the cluster, or `topology`',
    by: 'vpcsim',
    means: 'name of the topology',
  },
  'metadata.description': { default: 'none', means: 'for people' },

  blockPublicAccess: {
    default: 'off',
    means: 'VPC Block Public Access, for each account and Region where it is on',
  },
  'blockPublicAccess[].account': { default: 'that of the first VPC', by: 'vpcsim', means: 'its account' },
  'blockPublicAccess[].region': { default: 'that of the first VPC', by: 'vpcsim', means: 'its Region' },
  'blockPublicAccess[].mode': {
    means:
      '`block-bidirectional`: nothing passes an internet gateway; `block-ingress`: only what NAT gateways send, and its answers',
  },
  'blockPublicAccess[].exclusions': { default: 'none', means: 'what is left out of it' },
  'blockPublicAccess[].exclusions[].vpc': { default: 'none', means: 'a whole VPC' },
  'blockPublicAccess[].exclusions[].subnet': { default: 'none', means: 'or one subnet' },
  'blockPublicAccess[].exclusions[].mode': {
    means:
      '`bidirectional`: everything passes; `egress-only`: in mode block-bidirectional, what NAT gateways send',
  },

  'vpcs[].name': { means: 'its name' },
  'vpcs[].region': { default: 'that of its zones, else `us-east-1`', by: 'vpcsim', means: 'its Region' },
  'vpcs[].account': { default: '111122223333', by: 'vpcsim', means: 'its account' },
  'vpcs[].cidrs': { means: 'its IPv4 blocks, each a /16 to a /28' },
  'vpcs[].ipv6Cidrs': { default: 'none', means: 'its IPv6 blocks, of the internet (2000::/3)' },
  'vpcs[].egressOnlyInternetGateway': { default: 'none', means: 'lets IPv6 out and nothing in' },
  'vpcs[].egressOnlyInternetGateway.name': {
    default: '`eigw-` and the name of the VPC',
    by: 'vpcsim',
    means: 'its name, for routes',
  },
  'vpcs[].subnets': { default: 'none', means: 'its subnets' },
  'vpcs[].internetGateway': { default: 'none', means: 'its internet gateway; `{}` is enough' },
  'vpcs[].vpnGateway': { default: 'none', means: 'its virtual private gateway' },
  'vpcs[].natGateways': { default: 'none', means: 'its NAT gateways' },
  'vpcs[].routeTables': {
    default: 'one named `main`, with local routes only',
    by: 'AWS',
    means: 'its route tables; the local routes are always there',
  },
  'vpcs[].securityGroups': {
    default: 'one named `default`, and the cluster security group',
    by: 'AWS, EKS',
    means: 'its security groups; those two exist beside what is written',
  },
  'vpcs[].networkAcls': {
    default: 'one named `default` that allows everything',
    by: 'AWS',
    means: 'its network ACLs',
  },
  'vpcs[].loadBalancers': {
    default: 'none',
    means:
      "load balancers beside those that the cluster's controller makes, see [Load balancers](#load-balancers)",
  },
  'vpcs[].interfaces': {
    default: 'none',
    means:
      'interfaces of what the file does not have otherwise, such as databases, see [Given interfaces](#given-interfaces)',
  },
  'vpcs[].endpoints': {
    default: 'none',
    means: 'VPC endpoints, see [Endpoints](#endpoints)',
  },
  'vpcs[].dnsSupport': { default: '`true`', by: 'AWS', means: 'Amazon DNS answers (`enableDnsSupport`)' },
  'vpcs[].dnsHostnames': {
    default: '`true`',
    by: 'vpcsim',
    means:
      '`enableDnsHostnames`: private DNS of endpoints and of the cluster needs it; AWS makes a VPC with `false`',
  },
  'vpcs[].dhcpDns': {
    default: 'AmazonProvidedDNS',
    by: 'AWS',
    means: 'DNS servers of its DHCP options',
  },

  'vpcs[].subnets[].name': { means: 'its name' },
  'vpcs[].subnets[].cidr': { means: 'its block, a /16 to a /28 inside one of the VPC' },
  'vpcs[].subnets[].ipv6Cidr': { default: 'none', means: 'its block of IPv6, inside one of the VPC' },
  'vpcs[].subnets[].assignIpv6Address': {
    default: '`false`',
    by: 'AWS',
    means: 'instances that say nothing take an address of IPv6',
  },
  'vpcs[].subnets[].az': {
    default: 'the zones a, b, c of the Region in turn',
    by: 'vpcsim',
    means: 'its zone',
  },
  'vpcs[].subnets[].routeTable': { default: 'the main one', by: 'AWS', means: 'its route table' },
  'vpcs[].subnets[].networkAcl': { default: '`default`', by: 'AWS', means: 'its network ACL' },
  'vpcs[].subnets[].mapPublicIp': {
    default: '`false`',
    by: 'AWS',
    means: 'instances and nodes get a public address at launch',
  },
  'vpcs[].subnets[].tags': {
    default: 'none',
    means: 'tags, such as `kubernetes.io/role/elb`, by which load balancers find subnets',
  },
  'vpcs[].subnets[].reservations': { default: 'none', means: 'its subnet CIDR reservations' },
  'vpcs[].subnets[].occupied': {
    default: 'none',
    means: 'addresses of what the topology does not have: databases, functions, other clusters',
  },

  'vpcs[].subnets[].reservations[].cidr': { means: 'its block, inside the subnet' },
  'vpcs[].subnets[].reservations[].type': {
    means: '`prefix`: for prefixes alone; `explicit`: for addresses that are asked for by number',
  },

  'vpcs[].subnets[].occupied[].cidr': { means: 'a block of the subnet, or one address' },
  'vpcs[].subnets[].occupied[].by': { default: '`other`', by: 'vpcsim', means: 'who has them, such as RDS' },

  'vpcs[].internetGateway.name': {
    default: '`igw`; in further VPCs `igw-VPC`',
    by: 'vpcsim',
    means: 'its name, for routes',
  },

  'vpcs[].vpnGateway.name': { means: 'its name, for routes and connections' },
  'vpcs[].vpnGateway.state': {
    default: '`attached`',
    by: 'vpcsim',
    means: 'state of its attachment; packets pass in no other',
  },
  'vpcs[].internetGateway.state': {
    default: '`available`',
    by: 'AWS',
    means: 'state of its attachment to the VPC; anything else carries no packets',
  },

  'vpcs[].natGateways[].name': { means: 'its name, for routes' },
  'vpcs[].natGateways[].subnet': {
    default: 'required of a zonal one',
    means: 'the subnet it stands in; none of a regional one',
  },
  'vpcs[].natGateways[].availability': {
    default: '`zonal`',
    by: 'AWS',
    means: '`regional`: it serves the whole VPC, with public addresses and a route table of its own',
  },
  'vpcs[].natGateways[].zones': {
    default: 'all of the VPC',
    means: 'of a regional one, the zones it serves, where they were chosen by hand',
  },
  'vpcs[].natGateways[].addresses': {
    default: 'one, from the subnet and from the public blocks',
    means: 'its addresses, the primary one first; AWS uses one of them for each connection',
  },
  'vpcs[].natGateways[].addresses[].private': {
    default: 'a free one of the subnet',
    means: 'private address',
  },
  'vpcs[].natGateways[].addresses[].public': {
    default: 'one from the public blocks',
    means: 'public address; a private NAT gateway has none',
  },
  'vpcs[].natGateways[].state': {
    default: '`available`',
    by: 'AWS',
    means: 'its state; packets pass in no other',
  },
  'vpcs[].natGateways[].connectivity': {
    default: '`public`',
    by: 'AWS',
    means: 'whether it has a public address',
  },

  'vpcs[].routeTables[].name': { means: 'its name' },
  'vpcs[].routeTables[].main': {
    default: '`true` for the one named `main`',
    by: 'vpcsim',
    means: 'serves subnets that name no table; one of the VPC',
  },
  'vpcs[].routeTables[].edge': {
    default: 'none',
    means: 'gateways whose route table it is: what comes in by them asks it',
  },
  'vpcs[].routeTables[].routes': { default: 'none', means: 'its routes beside the local ones' },
  'vpcs[].routeTables[].propagatingGateways': {
    default: 'none',
    means: 'the virtual private gateway, where what it learns over its connections is to stand in this table',
  },
  'vpcs[].routeTables[].routes[].to': {
    means: 'destination; a route to a prefix list stands for each of its blocks',
  },
  'vpcs[].routeTables[].routes[].via': {
    means:
      'what takes the packets, by name: a gateway, instance or interface of the VPC, a connection; `local`, `blackhole`, or `unknown/ID` for what nobody described',
  },
  'vpcs[].routeTables[].routes[].by': {
    default: '`static`',
    by: 'AWS',
    means:
      '`propagated`: learnt from a virtual private gateway; of two routes with the same block a static one goes before it',
  },

  'vpcs[].securityGroups[].name': { means: 'its name; rules refer to it as `sg/NAME`' },
  'vpcs[].securityGroups[].description': { default: 'none', means: 'for people' },
  'vpcs[].securityGroups[].ingress': { default: 'nothing', by: 'AWS', means: 'what it admits' },
  'vpcs[].securityGroups[].egress': { default: 'everything', by: 'AWS', means: 'what it lets out' },
  'vpcs[].securityGroups[].tags': { default: 'none', means: 'tags' },
  ...rule('vpcs[].securityGroups[].ingress[]'),
  'vpcs[].securityGroups[].ingress[].from': { means: 'who may send' },
  'vpcs[].securityGroups[].ingress[].stale': {
    default: '`false`',
    means: 'the group that the rule names was deleted: it admits nobody',
  },
  'vpcs[].securityGroups[].ingress[].description': { default: 'none', means: 'for people' },
  ...rule('vpcs[].securityGroups[].egress[]'),
  'vpcs[].securityGroups[].egress[].to': { means: 'who may be sent to' },
  'vpcs[].securityGroups[].egress[].stale': {
    default: '`false`',
    means: 'the group that the rule names was deleted: it admits nobody',
  },
  'vpcs[].securityGroups[].egress[].description': { default: 'none', means: 'for people' },

  'vpcs[].networkAcls[].name': { means: 'its name' },
  'vpcs[].networkAcls[].ingress': {
    default: 'deny all; for `default` allow all',
    by: 'AWS',
    means: 'rules for packets that enter a subnet',
  },
  'vpcs[].networkAcls[].egress': {
    default: 'deny all; for `default` allow all',
    by: 'AWS',
    means: 'rules for packets that leave a subnet',
  },
  ...Object.fromEntries(
    ['ingress', 'egress'].flatMap((direction) => {
      const path = `vpcs[].networkAcls[].${direction}[]`;
      return Object.entries({
        ...rule(path),
        [`${path}.rule`]: { means: 'its number: the lowest that matches decides' },
        [`${path}.cidr`]: { means: direction === 'ingress' ? 'sources' : 'destinations' },
        [`${path}.action`]: { means: 'what it does; `unknown`: nobody could read the ACL' },
      });
    }),
  ),

  'vpcs[].endpoints[].name': { means: 'its name' },
  'vpcs[].endpoints[].service': {
    means: 'the service: `s3`, `ecr.dkr`, or its whole name `com.amazonaws.REGION.SERVICE`',
  },
  'vpcs[].endpoints[].type': { means: '`gateway` (S3 and DynamoDB alone) or `interface`' },
  'vpcs[].endpoints[].routeTables': {
    default: 'none: nothing is routed to it',
    by: 'AWS',
    means: 'tables that get the route of a gateway endpoint',
  },
  'vpcs[].endpoints[].subnets': {
    default: 'none',
    means: 'where an interface endpoint has network interfaces, one in a zone',
  },
  'vpcs[].endpoints[].addresses': {
    default: 'the lowest free ones',
    means: 'its address in each of its subnets',
  },
  'vpcs[].endpoints[].securityGroups': {
    default: '`default`',
    by: 'AWS',
    means: 'groups of the interfaces of an interface endpoint',
  },
  'vpcs[].endpoints[].privateDns': {
    default: '`true`',
    by: 'AWS',
    means: "the service's name resolves to an interface endpoint inside the VPC",
  },
  'vpcs[].endpoints[].zones': { default: 'all', means: 'zones in which the service is offered' },
  'vpcs[].endpoints[].state': {
    default: '`available`',
    by: 'vpcsim',
    means: 'as AWS spells it; any other carries no packets',
  },

  ...linkMeanings,

  ...clusterMeanings,
  ...interfaceMeanings,
  ...balancerMeanings,

  'prefixLists[].name': { means: 'its name, in rules `pl/NAME`' },
  'prefixLists[].region': { default: 'all Regions', means: 'Region that has it' },
  'prefixLists[].owner': {
    default: "`customer`; `AWS` for names that are AWS's",
    by: 'vpcsim',
    means: 'who manages it',
  },
  'prefixLists[].cidrs': { means: 'its blocks' },
  'prefixLists[].maxEntries': {
    default: 'as many as it has; 1 for those of AWS',
    by: 'vpcsim',
    means: 'how many entries it may have: a security group rule that names it counts as so many rules',
  },
  'hosts[].name': { means: 'its name: `host/NAME`' },
  'hosts[].address': { means: 'its address, outside every VPC' },
  'hosts[].ipv6Address': { default: 'none', means: 'its IPv6 address' },
  'hosts[].listen': { default: 'assumed to listen, and told', means: 'ports it takes' },

  'instances[].name': { means: 'its name: `instance/NAME`; routes may name it' },
  'instances[].tags': { default: 'none', means: 'tags; `instance/NAME` may say the tag `Name`' },
  'instances[].vpc': { default: 'the one that has the subnet', by: 'vpcsim', means: 'its VPC' },
  'instances[].subnet': { means: 'its subnet' },
  'instances[].address': { default: 'the lowest free one', means: 'its private address' },
  'instances[].ipv6Address': {
    default: 'none, or as the subnet assigns',
    means: 'its IPv6 address; `auto`: the lowest free one, from `::4` on',
  },
  'instances[].securityGroups': { default: '`default`', by: 'AWS', means: 'its security groups' },
  'instances[].sourceDestCheck': { default: '`true`', by: 'AWS', means: 'source/destination check' },
  'instances[].forwarding': {
    default: '`false`',
    by: 'Linux',
    means:
      'routes packets of others (ip_forward); `unknown`: nobody could see it, paths through it are undetermined',
  },
  'instances[].mtu': { default: '9001', means: 'MTU of its interface' },
  'instances[].listen': { default: 'assumed to listen, and told', means: 'ports it takes' },
  'instances[].primaryInterface': { default: '`ens5`', by: 'AWS', means: 'name of its interface' },
  'instances[].metadata': {
    default: 'see its keys',
    means: 'options of instance metadata, see [Built-in services](#built-in-services)',
  },
  'instances[].metadata.hopLimit': { default: '2', by: 'AWS', means: 'HttpPutResponseHopLimit, 1 to 64' },
  'instances[].metadata.tokens': {
    default: '`required`',
    by: 'AWS',
    means: 'HttpTokens: `optional` takes requests without a token',
  },
  'instances[].publicAddress': { default: 'one where its subnet maps them', means: 'its public address' },
  'instances[].state': { default: '`running`', means: 'what AWS says of it; anything else takes no packets' },
  'instances[].interfaces': {
    default: 'the primary one',
    means: 'further interfaces, or all of them where one is device 0, see [Instances](#instances)',
  },
  'instances[].rules': {
    default: 'no rules',
    means: 'a dump or a list: what it holds ([guide](guide.md#a-real-nodes-rules))',
  },

  ...expectation('expect[]'),

  'variants.NAME.description': { default: 'none', means: 'for people' },
  'variants.NAME.patch': { default: 'none', means: 'changes, applied in order' },
  'variants.NAME.expect': { default: "the file's", means: "flows to check in place of the file's" },
  'variants.NAME.patch[].op': { means: 'what to do' },
  'variants.NAME.patch[].path': { means: 'where: keys, and names of named lists, behind slashes' },
  'variants.NAME.patch[].value': { default: 'none', means: 'what to put there; not for `remove`' },
  ...expectation('variants.NAME.expect[]'),
};
