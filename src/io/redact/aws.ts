/** What AWS printed, without what people called things: names, tags, descriptions, account ids. Addresses, AWS ids, zones
 *  and services stay: without them it would be another network. */
import { isMap } from '../members.ts';
import type { Names } from './names.ts';

/** Members that are the name of something. */
const nameKeys: ReadonlySet<string> = new Set([
  'GroupName',
  'LoadBalancerName',
  'TargetGroupName',
  'KeyName',
  'clusterName',
  'nodegroupName',
]);

/** Members that bear on no packet and may say anything. */
const blanked: ReadonlySet<string> = new Set([
  'CustomerGatewayConfiguration',
  'PreSharedKey',
  'UserData',
  'ClientToken',
  'PolicyDocument',
  'StateTransitionReason',
]);

/** Tags that this program reads, or that AWS and Kubernetes write. */
const knownTag = /^(?:Name$|aws:|eks:|kubernetes\.io\/|[a-z0-9.-]*k8s\.aws\/|k8s\.io\/|karpenter\.sh\/)/;

export function redactAws(value: unknown, names: Names, key = ''): unknown {
  if (typeof value === 'string') return redactText(value, names, key);
  if (Array.isArray(value)) {
    if (/^(?:Tags|TagSet)$/.test(key)) return value.map((tag) => redactTag(tag, names));
    for (let index = 0; index < value.length; index++) value[index] = redactAws(value[index], names, key);
    return value;
  }
  if (!isMap(value)) return value;
  if (key === 'tags') return redactTagMap(value, names);
  for (const member of Object.keys(value)) value[member] = redactAws(value[member], names, member);
  // `eks describe-cluster` calls its name `name`.
  if ((key === 'cluster' || key === 'nodegroup') && typeof value.name === 'string')
    value.name = names.of(value.name);
  return value;
}

function redactText(value: string, names: Names, key: string): string {
  if (blanked.has(key)) return '';
  if (nameKeys.has(key)) return names.of(value);
  if (key === 'PrefixListName') return value.startsWith('com.amazonaws.') ? value : names.of(value);
  if (key === 'Description' || key === 'Message') return describedBy(value, names);
  if (/dns_?name$/i.test(key)) return withoutBalancerName(value, names);
  return names.withoutAccounts(withoutNames(value, names));
}

/** Names in ARNs: load balancers, what belongs to them, target groups, clusters. */
const namedInArn =
  /((?:loadbalancer|listener|listener-rule)\/(?:app|net|gwy)\/|targetgroup\/|cluster\/|nodegroup\/)([^/]+)/g;

function withoutNames(text: string, names: Names): string {
  if (!text.startsWith('arn:')) return text;
  return text.replace(namedInArn, (_, before: string, name: string) => before + names.of(name));
}

/** Descriptions that AWS itself writes keep their words, as they say what an interface is of. */
function describedBy(text: string, names: Names): string {
  const balancer = /^(ELB (?:app|net)\/)([^/]+)(\/.*)$/.exec(text);
  if (balancer) return balancer[1] + names.of(balancer[2]!) + balancer[3];
  const cluster = /^(Amazon EKS )(\S+)$/.exec(text);
  if (cluster) return cluster[1] + names.of(cluster[2]!);
  const own =
    /^(?:Interface for NAT Gateway|Network Interface for Transit Gateway|VPC Endpoint Interface|VPC PrivateLink|aws-K8S-i-|aws-k8s-|RDSNetworkInterface$|Primary network interface$)/;
  if (own.test(text)) return names.withoutAccounts(text);
  return text === '' ? text : names.of(text);
}

/** "internal-NAME-1234.elb.amazonaws.com", "NAME-0123456789abcdef.elb.amazonaws.com". */
function withoutBalancerName(text: string, names: Names): string {
  return text.replace(
    /^(internal-)?(.+)(-[0-9a-f]+\.(?:[a-z0-9-]+\.)?elb\.(?:[a-z0-9-]+\.)?amazonaws\.com.*)$/,
    (_, internal: string | undefined, name: string, rest: string) => (internal ?? '') + names.of(name) + rest,
  );
}

function redactTag(tag: unknown, names: Names): unknown {
  if (!isMap(tag)) return tag;
  const [key, value] = [String(tag.Key ?? ''), String(tag.Value ?? '')];
  return { ...tag, Key: tagKey(key, names), Value: tagValue(key, value, names) };
}

function redactTagMap(tags: Readonly<Record<string, unknown>>, names: Names): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tags).map(([key, value]) => [tagKey(key, names), tagValue(key, String(value), names)]),
  );
}

function tagKey(key: string, names: Names): string {
  if (!knownTag.test(key)) return names.of(key);
  return key.replace(
    /^(kubernetes\.io\/cluster\/)(.+)$/,
    (_, before: string, name: string) => before + names.of(name),
  );
}

function tagValue(key: string, value: string, names: Names): string {
  return /k8s\.aws\/|eks:/.test(key) ? names.ofPath(value) : names.of(value);
}
