/** The script that collects what an import reads: POSIX sh, `aws` and `kubectl`, no command that changes anything. Every
 *  answer is one file, under `accounts/ACCOUNT/REGION/` or `kubernetes/`; both programs ask for all pages by themselves.
 *  Secrets are not asked for, or taken out before they are written: keys of VPN tunnels, user data, Secrets, and of
 *  containers what they run and their environment. */

/** `aws ec2 describe-...`. */
const ec2Lists: readonly string[] = [
  'vpcs',
  'subnets',
  'route-tables',
  'security-groups',
  'security-group-rules',
  'network-acls',
  'network-interfaces',
  'instances',
  'internet-gateways',
  'egress-only-internet-gateways',
  'nat-gateways',
  'vpc-peering-connections',
  'transit-gateways',
  'transit-gateway-attachments',
  'transit-gateway-vpc-attachments',
  'transit-gateway-route-tables',
  'vpc-endpoints',
  'managed-prefix-lists',
  'prefix-lists',
  'addresses',
  'dhcp-options',
  'vpn-gateways',
];

/** `kubectl get ...`, of all namespaces. */
const kinds: readonly string[] = [
  'nodes',
  'namespaces',
  'services',
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'deployments.apps',
  'statefulsets.apps',
  'replicasets.apps',
  'jobs.batch',
  'pods',
  'ingresses.networking.k8s.io',
  'ingressclasses.networking.k8s.io',
  'networkpolicies.networking.k8s.io',
  'targetgroupbindings.elbv2.k8s.aws',
  'eniconfigs.crd.k8s.amazonaws.com',
  'securitygrouppolicies.vpcresources.k8s.aws',
  'cninodes.vpcresources.k8s.aws',
];

export function collectScript(): string {
  return script.replace('@EC2_LISTS@', wrapped(ec2Lists)).replace('@KINDS@', wrapped(kinds));
}

/** Words of a `for` loop, some on each line. */
function wrapped(words: readonly string[]): string {
  const lines = [''];
  for (const word of words) {
    if (lines.at(-1)!.length + word.length > 90) lines.push('');
    lines[lines.length - 1] += ` ${word}`;
  }
  return lines.map((line) => line.trim()).join(' \\\n    ');
}

const script = String.raw`#!/bin/sh
# Collects what "vpcsim import aws FOLDER" reads: descriptions of the network of one AWS account and, where kubectl
# reaches a cluster, of that cluster. It only reads. What may not be read is said, and left out.
#
#   sh collect.sh FOLDER [REGION ...]
#
# Left out on purpose: keys of VPN tunnels, user data of instances, Secrets, and of containers their commands, arguments
# and environment. Look through FOLDER before you give it to anybody; "vpcsim import aws FOLDER --redact" takes out
# names, tags and account ids as well.
set -u
umask 077
[ $# -gt 0 ] || { echo "usage: sh collect.sh FOLDER [REGION ...]" >&2; exit 2; }
out=$1
shift
[ $# -gt 0 ] || set -- "$(aws configure get region)"
left_out=0

# Keeps an answer that has come whole.
keep() { # keep STATUS FILE WHAT
  if [ "$1" -eq 0 ]; then
    mv "$2.part" "$2"
  else
    left_out=$((left_out + 1))
    echo "left out: $3" >&2
    sed 's/^/    /' "$2.error" >&2
  fi
  rm -f "$2.part" "$2.error"
}

ask() { # ask FILE SERVICE COMMAND [OPTION ...]
  file=$folder/$1.json
  shift
  aws --region "$region" --output json "$@" >"$file.part" 2>"$file.error" </dev/null
  keep $? "$file" "aws $1 $2 in $region"
}

names() { # names SERVICE COMMAND --query EXPRESSION
  aws --region "$region" --output text "$@" 2>/dev/null </dev/null
}

account=$(aws sts get-caller-identity --query Account --output text) || exit 1
export AWS_PAGER=

for region in "$@"; do
  folder=$out/accounts/$account/$region
  mkdir -p "$folder" || exit 1
  echo "account $account, $region" >&2
  for list in @EC2_LISTS@; do
    ask "describe-$list" ec2 "describe-$list"
  done
  # Without CustomerGatewayConfiguration and tunnel options, which hold the keys.
  ask describe-vpn-connections ec2 describe-vpn-connections --query '{VpnConnections: VpnConnections[].{
    VpnConnectionId: VpnConnectionId, State: State, CustomerGatewayId: CustomerGatewayId, VpnGatewayId: VpnGatewayId,
    TransitGatewayId: TransitGatewayId, Routes: Routes, VgwTelemetry: VgwTelemetry, Tags: Tags,
    Options: {StaticRoutesOnly: Options.StaticRoutesOnly}}}'
  for id in $(names ec2 describe-vpcs --query 'Vpcs[].VpcId'); do
    ask "dns-support.$id" ec2 describe-vpc-attribute --vpc-id "$id" --attribute enableDnsSupport
    ask "dns-hostnames.$id" ec2 describe-vpc-attribute --vpc-id "$id" --attribute enableDnsHostnames
  done
  for id in $(names ec2 describe-managed-prefix-lists --query 'PrefixLists[].PrefixListId'); do
    ask "prefix-list-entries.$id" ec2 get-managed-prefix-list-entries --prefix-list-id "$id" \
      --query "{PrefixListId: '$id', Entries: Entries}"
  done
  for id in $(names ec2 describe-transit-gateway-route-tables \
    --query 'TransitGatewayRouteTables[].TransitGatewayRouteTableId'); do
    ask "transit-gateway-routes.$id" ec2 search-transit-gateway-routes --transit-gateway-route-table-id "$id" \
      --filters Name=type,Values=static,propagated --query "{TransitGatewayRouteTableId: '$id', Routes: Routes,
        AdditionalRoutesAvailable: AdditionalRoutesAvailable}"
    ask "transit-gateway-propagations.$id" ec2 get-transit-gateway-route-table-propagations \
      --transit-gateway-route-table-id "$id" --query "{TransitGatewayRouteTableId: '$id',
        TransitGatewayRouteTablePropagations: TransitGatewayRouteTablePropagations}"
    ask "transit-gateway-associations.$id" ec2 get-transit-gateway-route-table-associations \
      --transit-gateway-route-table-id "$id" --query "{TransitGatewayRouteTableId: '$id', Associations: Associations}"
  done
  ask describe-load-balancers elbv2 describe-load-balancers
  ask describe-target-groups elbv2 describe-target-groups
  number=0
  for arn in $(names elbv2 describe-load-balancers --query 'LoadBalancers[].LoadBalancerArn'); do
    number=$((number + 1))
    ask "listeners.$number" elbv2 describe-listeners --load-balancer-arn "$arn"
    ask "load-balancer-attributes.$number" elbv2 describe-load-balancer-attributes --load-balancer-arn "$arn" \
      --query "{LoadBalancerAttributes: [{LoadBalancerArn: '$arn', Attributes: Attributes}]}"
    ask "load-balancer-tags.$number" elbv2 describe-tags --resource-arns "$arn"
    place=0
    for listener in $(names elbv2 describe-listeners --load-balancer-arn "$arn" --query 'Listeners[].ListenerArn'); do
      place=$((place + 1))
      ask "rules.$number.$place" elbv2 describe-rules --listener-arn "$listener"
    done
  done
  number=0
  for arn in $(names elbv2 describe-target-groups --query 'TargetGroups[].TargetGroupArn'); do
    number=$((number + 1))
    ask "target-health.$number" elbv2 describe-target-health --target-group-arn "$arn" \
      --query "{LoadBalancerTargetHealth: [{TargetGroupArn: '$arn',
        TargetHealthDescriptions: TargetHealthDescriptions}]}"
    ask "target-group-attributes.$number" elbv2 describe-target-group-attributes --target-group-arn "$arn" \
      --query "{TargetGroupAttributes: [{TargetGroupArn: '$arn', Attributes: Attributes}]}"
  done
  for cluster in $(names eks list-clusters --query 'clusters[]'); do
    ask "cluster.$cluster" eks describe-cluster --name "$cluster"
    for group in $(names eks list-nodegroups --cluster-name "$cluster" --query 'nodegroups[]'); do
      ask "nodegroup.$cluster.$group" eks describe-nodegroup --cluster-name "$cluster" --nodegroup-name "$group"
    done
  done
done

# kubectl prints one member a line. Lists of these names are emptied, and what was applied last is blanked.
without_secrets() {
  awk '
    closing == "" && match($0, /"(env|envFrom|args|command)": \[$/) {
      printf "%s", $0
      closing = $0
      sub(/[^ ].*/, "", closing)
      next
    }
    closing != "" {
      if ($0 == closing "]" || $0 == closing "],") { print substr($0, length(closing) + 1); closing = "" }
      next
    }
    { sub(/"kubectl\.kubernetes\.io\/last-applied-configuration": ".*"/,
        "\"kubectl.kubernetes.io/last-applied-configuration\": \"\""); print }
  '
}

look() { # look FILE KIND [OPTION ...]
  file=$out/kubernetes/$1.json
  shift
  kubectl get "$@" --output json >"$file.raw" 2>"$file.error" </dev/null
  status=$?
  $filter <"$file.raw" >"$file.part"
  rm -f "$file.raw"
  keep $status "$file" "kubectl get $1"
}

if command -v kubectl >/dev/null && kubectl version >/dev/null 2>&1; then
  mkdir -p "$out/kubernetes" || exit 1
  echo "cluster $(kubectl config current-context)" >&2
  filter=without_secrets
  for kind in @KINDS@; do
    look "$kind" "$kind" --all-namespaces
  done
  look daemonsets.apps daemonsets.apps --all-namespaces --field-selector metadata.name!=aws-node
  # The settings of the VPC CNI are environment.
  filter=cat
  look aws-node daemonsets.apps aws-node --namespace kube-system
  look amazon-vpc-cni configmap amazon-vpc-cni --namespace kube-system
  look kube-proxy-config configmap kube-proxy-config --namespace kube-system
else
  echo "left out: kubectl reaches no cluster" >&2
fi
echo "$left_out answers left out; the rest is in $out" >&2
`;
