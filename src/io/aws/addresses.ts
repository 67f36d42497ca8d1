/** `describe-addresses` (EC2 API, Address): Elastic IP addresses of interfaces. The interfaces say it too, unless they were
 *  described by somebody who may not see associations. */
import { type Account, all } from './account.ts';
import { text } from './resource.ts';

const known = new WeakMap<Account, ReadonlyMap<string, ReadonlyMap<string, string>>>();

/** Private address -> public address, of one interface. */
export function elasticAddresses(account: Account, eni: string | undefined): ReadonlyMap<string, string> {
  const index = known.get(account) ?? indexOf(account);
  known.set(account, index);
  return index.get(eni ?? '') ?? new Map();
}

function indexOf(account: Account): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const index = new Map<string, Map<string, string>>();
  for (const address of all(account, 'Addresses')) {
    const eni = text(address, 'NetworkInterfaceId');
    const [inside, outside] = [text(address, 'PrivateIpAddress'), text(address, 'PublicIp')];
    if (eni === undefined || inside === undefined || outside === undefined) continue;
    index.set(eni, (index.get(eni) ?? new Map()).set(inside, outside));
  }
  return index;
}
