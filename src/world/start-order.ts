/** In which order those who write a node's rules start. It decides where their rules stand in built-in chains, together
 *  with the end at which each puts them. As a running node of EKS has them: the kubelet is there first, and starts all
 *  others. kube-proxy puts its rules on top and the CNI at the bottom, so their order does not matter. portmap runs when
 *  the first pod with a host port gets its network, which takes the CNI; that kube-proxy has come before is unsure: a
 *  pod that was faster would have its masquerading behind kube-proxy's. */
export const START_ORDER = ['kubelet', 'kube-proxy', 'VPC CNI', 'portmap'] as const;

export type RuleWriter = (typeof START_ORDER)[number];
