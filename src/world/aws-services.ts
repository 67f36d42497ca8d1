/** Services of AWS that packets are sent to: their DNS names, and the TCP ports that they answer on ("Service endpoints
 *  and quotas", AWS General Reference; "AWS services that integrate with AWS PrivateLink"). */

const HTTPS: readonly number[] = [443];
const HTTPS_AND_HTTP: readonly number[] = [443, 80];

interface KnownService {
  /** In a Region; before it may stand a bucket or an account. */
  readonly dns: string;
  readonly ports: readonly number[];
}

const table: Readonly<Record<string, KnownService>> = {
  s3: { dns: 's3.REGION.amazonaws.com', ports: HTTPS_AND_HTTP },
  dynamodb: { dns: 'dynamodb.REGION.amazonaws.com', ports: HTTPS_AND_HTTP },
  'ecr.api': { dns: 'api.ecr.REGION.amazonaws.com', ports: HTTPS },
  'ecr.dkr': { dns: 'dkr.ecr.REGION.amazonaws.com', ports: HTTPS },
  'eks-auth': { dns: 'eks-auth.REGION.api.aws', ports: HTTPS },
  ...Object.fromEntries(
    [
      'autoscaling',
      'cloudformation',
      'ec2',
      'ec2messages',
      'eks',
      'elasticfilesystem',
      'elasticloadbalancing',
      'events',
      'kinesis',
      'kms',
      'lambda',
      'logs',
      'monitoring',
      'rds',
      'secretsmanager',
      'sns',
      'sqs',
      'ssm',
      'ssmmessages',
      'states',
      'sts',
      'xray',
    ].map((name) => [name, { dns: `${name}.REGION.amazonaws.com`, ports: HTTPS }]),
  ),
};

export const awsServiceNames: readonly string[] = Object.keys(table).sort();

/** Services of others answer on whatever ports their owner chose; those of AWS on HTTPS. */
export function portsOf(service: string): readonly number[] {
  return (Object.hasOwn(table, service) ? table[service] : undefined)?.ports ?? HTTPS;
}

/** The name that SDKs use in a Region: "sts.eu-west-1.amazonaws.com". */
export function dnsNameOf(service: string, region: string): string {
  const { dns } = (Object.hasOwn(table, service) ? table[service] : undefined) ?? {
    dns: `${service}.REGION.amazonaws.com`,
  };
  return `${dns.replace('REGION', region)}${region.startsWith('cn-') && dns.endsWith('.com') ? '.cn' : ''}`;
}

/** A service in a Region, as a name speaks of it. */
export interface ServiceName {
  readonly service: string;
  /** Undefined: that of whoever asks. */
  readonly region: string | undefined;
  /** A name without a Region, which private DNS of endpoints does not cover. */
  readonly global: boolean;
}

const REGION = /^[a-z]{2,4}(-[a-z]+)+-\d$/;
/** Where services that have one name for all Regions answer it. */
const HOME_REGION = 'us-east-1';
const GLOBAL_NAMES = ['s3', 'sts'];

/** What `aws/NAME` means: "s3", "ecr.api", or with a Region behind it, "s3.eu-west-1". */
export function serviceOfWord(name: string): ServiceName {
  const dot = name.lastIndexOf('.');
  const region = dot < 0 ? '' : name.slice(dot + 1);
  return REGION.test(region)
    ? { service: name.slice(0, dot), region, global: false }
    : { service: name, region: undefined, global: false };
}

/** The service that a DNS name belongs to: "sts.us-east-1.amazonaws.com", "bucket.s3.us-east-1.amazonaws.com",
 *  "111122223333.dkr.ecr.us-east-1.amazonaws.com". Undefined for any other name. */
export function serviceOfDnsName(name: string): ServiceName | undefined {
  const labels = name.replace(/\.$/, '').split('.');
  const domain = ['amazonaws.com.cn', 'amazonaws.com', 'api.aws'].find((end) =>
    labels.join('.').endsWith(`.${end}`),
  );
  if (domain === undefined) return undefined;
  const before = labels.slice(0, -domain.split('.').length);
  const last = before.at(-1)!;
  if (!REGION.test(last)) {
    const service = GLOBAL_NAMES.find((each) => each === last);
    return service === undefined ? undefined : { service, region: HOME_REGION, global: true };
  }
  const host = before.slice(0, -1).join('.');
  const service = awsServiceNames.find((each) => {
    const own = dnsNameOf(each, last).slice(0, -(last.length + domain.length + 2));
    return host === own || (host.endsWith(`.${own}`) && (own === 's3' || own === 'dkr.ecr'));
  });
  return service === undefined ? undefined : { service, region: last, global: false };
}
