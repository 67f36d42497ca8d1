/** What the keys of load balancers mean that are given as they are. */
import type { Meaning } from './cluster-key-meanings.ts';

const path = 'vpcs[].loadBalancers[]';
const action: Readonly<Record<string, Meaning>> = {
  type: { means: 'what is done' },
  targetGroups: { default: 'none', means: 'of `forward`: target groups with their weights' },
  'targetGroups[].name': { means: 'a target group of this load balancer' },
  'targetGroups[].weight': { default: '1', means: 'its share among the weights' },
  statusCode: { default: '301 of a redirect, 200 of a fixed response', means: 'status that is answered' },
  protocol: { default: '`#{protocol}`', means: 'of a redirect, as AWS writes it' },
  host: { default: '`#{host}`', means: 'of a redirect' },
  port: { default: '`#{port}`', means: 'of a redirect' },
  path: { default: '`/#{path}`', means: 'of a redirect' },
  query: { default: '`#{query}`', means: 'of a redirect' },
  before: { default: 'none', means: 'actions that come first and are not modelled: traces name them' },
};

function at(prefix: string, keys: Readonly<Record<string, Meaning>>): [string, Meaning][] {
  return Object.entries(keys).map(([key, meaning]) => [`${prefix}.${key}`, meaning]);
}

export const balancerMeanings: Readonly<Record<string, Meaning>> = Object.fromEntries([
  ...at(path, {
    name: { means: 'its name' },
    type: { means: 'Application or Network Load Balancer' },
    scheme: { default: '`internet-facing`', by: 'AWS', means: 'whether its nodes have public addresses' },
    dnsName: { default: 'one that follows from its name', by: 'vpcsim', means: 'its DNS name' },
    state: { default: '`active`', means: 'what AWS says of it; anything else takes no packets' },
    subnets: { means: 'its nodes, one in each zone; an Application Load Balancer may have more' },
    'subnets[].subnet': { means: 'the subnet of the node' },
    'subnets[].interface': { default: '`NAME/ZONE`', means: 'name of its network interface' },
    'subnets[].address': { default: 'the lowest free one', means: 'its private address' },
    'subnets[].publicAddress': { default: 'one, where it is internet-facing', means: 'its public address' },
    securityGroups: { default: 'none: everything passes', means: 'its security groups' },
    crossZone: {
      default: '`true` of an Application Load Balancer, else `false`',
      by: 'AWS',
      means: 'whether a node uses targets of other zones',
    },
    listeners: { default: 'none', means: 'its listeners' },
    targetGroups: { default: 'none', means: 'the target groups that it forwards to' },
    for: {
      default: 'none',
      means:
        '`service/NAMESPACE/NAME`, `ingress/NAMESPACE/NAME` or `ingress/GROUP`: the controller makes no other for it',
    },
    notModelled: { default: 'none', means: 'settings that traces shall name' },
    'listeners[].port': { means: 'its port' },
    'listeners[].protocol': { means: 'its protocol' },
    'listeners[].defaultAction': { means: 'what is done where no rule holds' },
    'listeners[].rules': {
      default: 'none',
      means:
        'rules by priority; `unknown` where nobody could read them, so that what asks them is undetermined',
    },
    'listeners[].rules[].priority': { means: 'rules are asked in this order' },
    'listeners[].rules[].conditions': { means: 'all must hold; of the values of one, one' },
    'listeners[].rules[].conditions[].field': { means: 'what is looked at' },
    'listeners[].rules[].conditions[].name': { default: 'none', means: 'of `http-header`: the header' },
    'listeners[].rules[].conditions[].values': {
      means: 'patterns with `*` and `?`; of `query-string` `KEY=VALUE` or `VALUE`, of `source-ip` blocks',
    },
    'listeners[].rules[].conditions[].regex': { default: '`false`', means: 'values are regular expressions' },
    'listeners[].rules[].action': { means: 'what is done' },
    'targetGroups[].name': { means: 'its name' },
    'targetGroups[].type': { default: '`instance`', means: 'what its targets are' },
    'targetGroups[].protocol': { means: 'protocol towards targets' },
    'targetGroups[].port': { means: 'port of targets that have none of their own' },
    'targetGroups[].preserveClientIp': {
      default: '`true` but for TCP and TLS to addresses',
      by: 'AWS',
      means: 'targets of a Network Load Balancer see the client',
    },
    'targetGroups[].crossZone': { default: "the load balancer's", means: 'its own setting' },
    'targetGroups[].targets': {
      default: 'none',
      means: 'its targets; `unknown` where nobody could read them, so that what goes to them is undetermined',
    },
    'targetGroups[].targets[].instance': { default: 'none', means: 'an instance or a node' },
    'targetGroups[].targets[].address': { default: 'none', means: 'or an address' },
    'targetGroups[].targets[].loadBalancer': { default: 'none', means: 'or an Application Load Balancer' },
    'targetGroups[].targets[].port': { default: "the group's", means: 'port it is registered with' },
    'targetGroups[].targets[].zone': { default: 'that of its subnet', means: 'its zone, or `all`' },
    'targetGroups[].targets[].health': {
      default: '`healthy`',
      means: 'its health; one that is `unused` gets nothing',
    },
    'targetGroups[].targets[].reason': { default: 'none', means: "AWS's reason code" },
    'targetGroups[].notModelled': { default: 'none', means: 'settings that traces shall name' },
  }),
  ...at(`${path}.listeners[].defaultAction`, action),
  ...at(`${path}.listeners[].rules[].action`, action),
]);
