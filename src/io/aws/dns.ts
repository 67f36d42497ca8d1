/** `describe-vpc-attribute` and `describe-dhcp-options` (EC2 API): what a VPC does about names. */
import { type Account, all } from './account.ts';
import { flag, part, parts, type Resource, text } from './resource.ts';

export function dnsOf(account: Account, vpc: Resource): Record<string, unknown> {
  const id = text(vpc, 'VpcId');
  const attribute = (name: string): boolean | undefined =>
    all(account, 'VpcAttributes')
      .filter((each) => text(each, 'VpcId') === id)
      .map((each) => flag(part(each, name), 'Value'))
      .find((value) => value !== undefined);
  return {
    dnsSupport: attribute('EnableDnsSupport'),
    dnsHostnames: attribute('EnableDnsHostnames'),
    dhcpDns: nameServersOf(account, text(vpc, 'DhcpOptionsId')),
  };
}

/** Undefined where Amazon's own are used. */
function nameServersOf(account: Account, options: string | undefined): readonly string[] | undefined {
  const set = options === undefined ? undefined : account.inventory.of('DhcpOptions')?.get(options);
  const servers = parts(set, 'DhcpConfigurations').find(
    (each) => text(each, 'Key') === 'domain-name-servers',
  );
  const values = parts(servers, 'Values').flatMap((each) => text(each, 'Value') ?? []);
  const own = values.filter((value) => value !== 'AmazonProvidedDNS' && !value.includes(':'));
  return own.length > 0 ? own : undefined;
}
