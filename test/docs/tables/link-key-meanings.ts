/** Keys of what joins VPCs with each other and with networks outside AWS. */
import type { Meaning } from './cluster-key-meanings.ts';

const side = (path: string): Readonly<Record<string, Meaning>> => ({
  [path]: { means: 'a VPC by name; `{cidrs: [...]}` for one that the file does not have' },
  [`${path}.vpc`]: { default: 'none', means: 'its name, for people' },
  [`${path}.cidrs`]: { means: 'its blocks' },
  [`${path}.region`]: { default: 'that of the other side', by: 'vpcsim', means: 'its Region' },
  [`${path}.account`]: { default: 'not known', by: 'vpcsim', means: 'its account' },
});

export const linkMeanings: Readonly<Record<string, Meaning>> = {
  'peerings[].name': { means: 'its name, for routes' },
  ...side('peerings[].requester'),
  ...side('peerings[].accepter'),
  'peerings[].state': {
    default: '`active`',
    by: 'vpcsim',
    means: 'its state; packets pass in no other',
  },

  'transitGateways[].name': { means: 'its name, for routes and connections' },
  'transitGateways[].region': { default: 'that of the VPCs attached', by: 'vpcsim', means: 'its Region' },
  'transitGateways[].account': { default: 'that of the first VPC', by: 'vpcsim', means: 'its account' },
  'transitGateways[].state': { default: '`available`', by: 'vpcsim', means: 'its state' },
  'transitGateways[].securityGroupReferencing': {
    default: '`false`',
    by: 'AWS',
    means: 'rules of security groups may name groups of other VPCs attached',
  },
  'transitGateways[].routeTables': {
    default: 'one that every attachment is associated with and propagates to',
    by: 'AWS',
    means: 'its route tables',
  },
  'transitGateways[].attachments': { default: 'none', means: 'its attachments' },

  'transitGateways[].routeTables[].name': { means: 'its name' },
  'transitGateways[].routeTables[].routes': {
    default: 'none',
    means:
      'its static routes; `unknown` where nobody could read them, so that what asks them is undetermined',
  },
  'transitGateways[].routeTables[].routes[].to': { means: 'destination' },
  'transitGateways[].routeTables[].routes[].via': { means: 'an attachment by name, or `blackhole`' },

  'transitGateways[].attachments[].name': { means: 'its name' },
  'transitGateways[].attachments[].vpc': { default: 'none', means: 'the VPC it attaches' },
  'transitGateways[].attachments[].subnets': {
    default: 'none',
    means: 'one subnet in each zone it serves; required with `vpc`',
  },
  'transitGateways[].attachments[].applianceMode': {
    default: '`false`',
    by: 'AWS',
    means: 'both directions of a flow enter the VPC in one zone',
  },
  'transitGateways[].attachments[].securityGroupReferencing': {
    default: '`true`',
    by: 'AWS',
    means: 'counts where the transit gateway has it too',
  },
  'transitGateways[].attachments[].connection': { default: 'none', means: 'the connection it attaches' },
  'transitGateways[].attachments[].transitGateway': {
    default: 'none',
    means: 'the transit gateway it is peered with; `{}` for one that the file does not have',
  },
  'transitGateways[].attachments[].transitGateway.region': { default: 'not known', means: 'its Region' },
  'transitGateways[].attachments[].transitGateway.account': { default: 'not known', means: 'its account' },
  'transitGateways[].attachments[].association': {
    default: 'none where tables are written: what arrives by it is dropped',
    means: 'the route table it asks',
  },
  'transitGateways[].attachments[].propagations': {
    default: 'none where tables are written',
    means: 'route tables that learn its blocks',
  },
  'transitGateways[].attachments[].state': { default: '`available`', by: 'vpcsim', means: 'its state' },

  'connections[].name': { means: 'its name' },
  'connections[].type': { default: '`vpn`', by: 'vpcsim', means: 'VPN or Direct Connect' },
  'connections[].gateway': { means: 'the virtual private gateway or transit gateway at its AWS side' },
  'connections[].network': { means: 'the on-premises network at its other side' },
  'connections[].state': { default: '`up`', by: 'vpcsim', means: '`up`: at least one tunnel is' },
  'connections[].routing': {
    default: '`static` with `staticRoutes`, else `bgp`',
    by: 'AWS',
    means: 'whether the AWS side has static routes, or learns the blocks of the network',
  },
  'connections[].staticRoutes': { default: 'none', means: 'static routes of a VPN connection' },

  'onPremises[].name': { means: 'its name' },
  'onPremises[].cidrs': { means: 'its blocks; what it advertises over BGP' },
  'onPremises[].routes': {
    default: 'what AWS advertises over its connections',
    means: 'its routes towards AWS',
  },
  'onPremises[].hosts': { default: 'none', means: 'machines in it that have a name' },
  'onPremises[].routes[].to': { means: 'destination' },
  'onPremises[].routes[].via': { means: 'one of its connections by name, or `blackhole`' },
  'onPremises[].hosts[].name': { means: 'its name: `host/NAME`' },
  'onPremises[].hosts[].address': { means: 'its address, in a block of the network' },
  'onPremises[].hosts[].listen': { default: 'assumed to listen, and told', means: 'ports it takes' },
};
