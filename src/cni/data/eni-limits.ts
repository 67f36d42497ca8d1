/** ENI and address limits of 1420 EC2 instance types, one family a line. Read by `instance-types`; regenerate, do not edit.
 *  Each type: size:ENIs of the default network card:IPv4 addresses per ENI:network cards:hypervisor (n Nitro, x Xen,
 *  u unknown; m bare metal):vCPUs:branch ENIs (- no trunk):k where only Karpenter lists it. "?" is not in the sources.
 *  Every card of a type has the same limit, and card 0 is the default one.
 *  Sources: aws/amazon-vpc-cni-k8s pkg/vpc/vpc_ip_resource_limit.go 6152e01c8 (2026-08-11);
 *  aws/karpenter-provider-aws zz_generated.vpclimits.go 7f27b4e85 (2026-08-18: trunk and branch ENIs);
 *  its instance type reference 692ccdd06 (2026-07-11: vCPUs). */
export const ENI_LIMITS = `
a1 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:10 metal:8:30:1:um:16:54 xlarge:4:15:1:n:4:18
bmn-sf1 metal:15:50:1:um:?:?
c1 medium:2:6:1:x:2:- xlarge:4:15:1:x:8:-
c3 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:- large:3:10:1:x:2:- xlarge:4:15:1:x:4:-
c4 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:36:- large:3:10:1:x:2:- xlarge:4:15:1:x:4:-
c5 12xlarge:8:30:1:n:48:54 18xlarge:15:50:1:n:72:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 9xlarge:8:30:1:n:36:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
c5a 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:?:? xlarge:4:15:1:n:4:18
c5ad 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:?:? xlarge:4:15:1:n:4:18
c5d 12xlarge:8:30:1:n:48:54 18xlarge:15:50:1:n:72:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 9xlarge:8:30:1:n:36:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
c5n 18xlarge:15:50:1:n:72:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 9xlarge:8:30:1:n:36:54 large:3:10:1:n:2:9 metal:15:50:1:um:72:107 xlarge:4:15:1:n:4:18
c6a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
c6g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
c6gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
c6gn 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 xlarge:4:15:1:n:4:18
c6i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
c6id 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
c6in 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:8:50:2:n:128:106 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:8:50:2:um:128:106 xlarge:4:15:1:n:4:18
c7a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
c7g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:nm:64:107 xlarge:4:15:1:n:4:18
c7g-flex 2xlarge:4:15:1:n:?:18:k 4xlarge:8:30:1:n:?:34:k 8xlarge:8:30:1:n:?:54:k large:3:10:1:n:?:3:k medium:2:4:1:n:?:1:k xlarge:4:15:1:n:?:8:k
c7gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
c7gn 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
c7i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:?:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
c7i-flex 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:18 4xlarge:8:30:1:n:16:34 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:3 xlarge:4:15:1:n:4:8
c8a 12xlarge:12:64:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:40:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:40:1:n:16:54 8xlarge:10:40:1:n:32:82 large:3:20:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:16:64:1:um:96:106 metal-48xl:24:64:1:um:192:98 xlarge:4:20:1:n:4:18
c8g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
c8g-flex 12xlarge:8:30:1:n:?:54:k 16xlarge:15:50:1:n:?:47:k 2xlarge:4:15:1:n:?:18:k 4xlarge:8:30:1:n:?:34:k 8xlarge:8:30:1:n:?:54:k large:3:10:1:n:?:3:k medium:2:4:1:n:?:1:k xlarge:4:15:1:n:?:8:k
c8gb 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
c8gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
c8gn 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
c8i 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
c8i-flex 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 2xlarge:4:30:1:n:8:18 4xlarge:8:50:1:n:16:34 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:3 xlarge:4:30:1:n:4:8
c8ib 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
c8id 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
c8in 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
c8ine 12xlarge:12:50:1:n:48:110 2xlarge:4:30:1:n:8:38 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 large:4:20:1:n:2:8 xlarge:4:30:1:n:4:18
c9g 12xlarge:12:50:1:n:48:50 16xlarge:16:64:1:n:64:106 24xlarge:24:64:1:n:96:98 2xlarge:4:30:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:9 medium:2:20:1:n:1:4 metal-48xl:24:64:1:um:192:98 xlarge:4:30:1:n:4:18
c9gd 12xlarge:12:50:1:n:48:50 16xlarge:16:64:1:n:64:106 24xlarge:24:64:1:n:96:98 2xlarge:4:30:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:9 medium:2:20:1:n:1:4 metal-48xl:24:64:1:um:192:98 xlarge:4:30:1:n:4:18
cr1 8xlarge:8:30:1:u:?:?
d2 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:36:- xlarge:4:15:1:x:4:-
d3 2xlarge:4:5:1:n:8:92 4xlarge:4:10:1:n:16:118 8xlarge:3:20:1:n:32:119 xlarge:4:3:1:n:4:42
d3en 12xlarge:3:30:1:n:48:119 2xlarge:4:5:1:n:8:58 4xlarge:4:10:1:n:16:118 6xlarge:4:15:1:n:24:118 8xlarge:4:20:1:n:32:118 xlarge:4:3:1:n:4:24
dl1 24xlarge:15:50:4:n:96:62
dl2q 24xlarge:15:50:1:n:96:107
f1 16xlarge:8:50:1:x:64:- 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:-
f2 12xlarge:8:30:1:n:48:114 48xlarge:15:50:1:n:192:107 6xlarge:8:30:1:n:24:84
g4ad 16xlarge:8:30:1:n:64:6 2xlarge:2:4:1:n:8:12 4xlarge:3:10:1:n:16:11 8xlarge:4:15:1:n:32:10 xlarge:2:4:1:n:4:12
g4dn 12xlarge:8:30:1:n:48:54 16xlarge:4:15:1:n:64:118 2xlarge:3:10:1:n:8:39 4xlarge:3:10:1:n:16:59 8xlarge:4:15:1:n:32:58 metal:15:50:1:um:96:107 xlarge:3:10:1:n:4:39
g5 12xlarge:15:50:1:n:48:107 16xlarge:8:30:1:n:64:114 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:17 48xlarge:7:50:1:n:192:115 4xlarge:8:30:1:n:16:34 8xlarge:8:30:1:n:32:84 xlarge:4:15:1:n:4:4
g5g 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
g6 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 xlarge:4:15:1:n:4:18
g6e 12xlarge:10:30:1:n:48:112 16xlarge:15:50:1:n:64:107 24xlarge:10:50:2:n:96:102 2xlarge:4:15:1:n:8:38 48xlarge:10:50:4:n:192:82 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 xlarge:4:15:1:n:4:18
g6f 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 large:2:10:1:n:2:10 xlarge:4:15:1:n:4:18
g7 12xlarge:12:64:1:n:48:110 24xlarge:24:64:1:n:96:98 2xlarge:4:64:1:n:8:38 48xlarge:12:64:2:n:192:98 4xlarge:8:64:1:n:16:54 8xlarge:10:64:1:n:32:82
g7e 12xlarge:10:64:1:n:48:120 24xlarge:10:64:2:n:96:120 2xlarge:4:64:1:n:8:120 48xlarge:10:64:4:n:192:120 4xlarge:8:64:1:n:16:120 8xlarge:8:64:1:n:32:120
gr6 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84
gr6f 4xlarge:8:30:1:n:16:54
h1 16xlarge:8:50:1:x:64:- 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:-
hpc6a 48xlarge:2:50:1:n:96:?
hpc6id 32xlarge:1:50:2:n:64:?
hpc7a 12xlarge:2:50:2:n:24:? 24xlarge:2:50:2:n:48:? 48xlarge:2:50:2:n:96:? 96xlarge:2:50:2:n:192:?
hpc7g 16xlarge:4:50:1:n:64:118 4xlarge:4:50:1:n:16:118 8xlarge:4:50:1:n:32:118
hpc8a 96xlarge:2:50:2:n:192:?
hs1 8xlarge:8:30:1:u:?:?
i2 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:- xlarge:4:15:1:x:4:-
i3 16xlarge:15:50:1:x:64:- 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:- large:3:10:1:x:2:- metal:15:50:1:um:72:120:k xlarge:4:15:1:x:4:-
i3en 12xlarge:8:30:1:n:48:54 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:28 3xlarge:4:15:1:n:12:38 6xlarge:8:30:1:n:24:54 large:3:10:1:n:2:5 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:12
i4g 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
i4i 12xlarge:8:30:1:n:48:112 16xlarge:15:50:1:n:64:120 24xlarge:15:30:1:n:96:105 2xlarge:4:15:1:n:8:26 32xlarge:15:50:1:n:128:120 4xlarge:8:30:1:n:16:52 8xlarge:8:30:1:n:32:112 large:3:10:1:n:2:9 metal:15:50:1:um:128:120 xlarge:4:15:1:n:4:6
i7i 12xlarge:8:30:1:n:48:84 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
i7ie 12xlarge:8:50:1:n:48:54 18xlarge:15:50:1:n:72:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:27 3xlarge:4:15:1:n:12:27 48xlarge:15:50:1:n:192:107 6xlarge:8:30:1:n:24:54 large:3:10:1:n:2:19 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:27
i8g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
i8ge 12xlarge:12:30:1:n:48:50 18xlarge:16:50:1:n:72:106 24xlarge:16:50:1:n:96:106 2xlarge:4:15:1:n:8:27 3xlarge:6:30:1:n:12:25 48xlarge:24:50:1:n:192:98 6xlarge:10:30:1:n:24:52 large:3:10:1:n:2:19 metal-24xl:16:50:1:um:96:106 metal-48xl:24:50:1:um:192:98 xlarge:4:15:1:n:4:27
im4gn 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
inf1 24xlarge:11:30:1:n:96:111 2xlarge:4:10:1:n:8:38 6xlarge:8:30:1:n:24:54 xlarge:4:10:1:n:4:38
inf2 24xlarge:15:50:1:n:96:107 48xlarge:15:50:1:n:192:107 8xlarge:8:30:1:n:32:84 xlarge:4:15:1:n:4:18
is4gen 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 xlarge:4:15:1:n:4:18
m1 large:3:10:1:x:2:- medium:2:6:1:x:1:- small:2:4:1:x:1:- xlarge:4:15:1:x:4:-
m2 2xlarge:4:30:1:x:4:- 4xlarge:8:30:1:x:8:- xlarge:4:15:1:x:2:-
m3 2xlarge:4:30:1:x:8:- large:3:10:1:x:2:- medium:2:6:1:x:1:- xlarge:4:15:1:x:4:-
m4 10xlarge:8:30:1:x:40:- 16xlarge:8:30:1:x:64:- 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- large:2:10:1:x:2:- xlarge:4:15:1:x:4:-
m5 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:120 xlarge:4:15:1:n:4:18
m5a 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
m5ad 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
m5d 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
m5dn 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
m5n 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
m5zn 12xlarge:15:50:1:n:48:107 2xlarge:4:15:1:n:8:62 3xlarge:8:30:1:n:12:92 6xlarge:8:30:1:n:24:114 large:3:10:1:n:2:13 metal:15:50:1:um:48:107 xlarge:4:15:1:n:4:29
m6a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
m6g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
m6gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
m6i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
m6id 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
m6idn 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:8:50:2:n:128:106 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:8:50:2:um:128:106 xlarge:4:15:1:n:4:18
m6in 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:8:50:2:n:128:106 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:8:50:2:um:128:106 xlarge:4:15:1:n:4:18
m7a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
m7g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
m7g-flex 2xlarge:4:15:1:n:?:18:k 4xlarge:8:30:1:n:?:34:k 8xlarge:8:30:1:n:?:54:k large:3:10:1:n:?:3:k medium:2:4:1:n:?:1:k xlarge:4:15:1:n:?:8:k
m7gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
m7i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
m7i-flex 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:18 4xlarge:8:30:1:n:16:34 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:3 xlarge:4:15:1:n:4:8
m8a 12xlarge:12:64:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:40:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:40:1:n:16:54 8xlarge:10:40:1:n:32:82 large:3:20:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:16:64:1:um:96:106 metal-48xl:24:64:1:um:192:98 xlarge:4:20:1:n:4:18
m8azn 12xlarge:16:64:1:n:48:106 24xlarge:16:64:1:n:96:106 3xlarge:8:40:1:n:12:34 6xlarge:8:40:1:n:24:54 large:4:20:1:n:2:8 medium:3:4:1:n:1:3 metal-12xl:16:64:1:um:48:106 metal-24xl:16:64:1:um:96:106 xlarge:4:20:1:n:4:18
m8g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
m8g-flex 12xlarge:8:30:1:n:?:54:k 16xlarge:15:50:1:n:?:47:k 2xlarge:4:15:1:n:?:18:k 4xlarge:8:30:1:n:?:34:k 8xlarge:8:30:1:n:?:54:k large:3:10:1:n:?:3:k medium:2:4:1:n:?:1:k xlarge:4:15:1:n:?:8:k
m8gb 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
m8gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
m8gn 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
m8i 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
m8i-flex 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 2xlarge:4:30:1:n:8:18 4xlarge:8:50:1:n:16:34 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:3 xlarge:4:30:1:n:4:8
m8ib 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
m8id 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
m8idb 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
m8idn 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
m8in 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
m8ine 12xlarge:12:50:1:n:48:110 2xlarge:4:30:1:n:8:38 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 large:4:20:1:n:2:8 xlarge:4:30:1:n:4:18
m9g 12xlarge:12:50:1:n:48:50 16xlarge:16:64:1:n:64:106 24xlarge:24:64:1:n:96:98 2xlarge:4:30:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:9 medium:2:20:1:n:1:4 metal-48xl:24:64:1:um:192:98 xlarge:4:30:1:n:4:18
m9gd 12xlarge:12:50:1:n:48:50 16xlarge:16:64:1:n:64:106 24xlarge:24:64:1:n:96:98 2xlarge:4:30:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:9 medium:2:20:1:n:1:4 metal-48xl:24:64:1:um:192:98 xlarge:4:30:1:n:4:18
mac-m3ultra metal:8:30:1:um:?:6
mac-m4 metal:8:30:1:um:?:6
mac-m4max metal:8:30:1:um:?:6
mac-m4pro metal:8:30:1:um:?:6
mac1 metal:8:30:1:um:?:6
mac2 metal:8:30:1:um:?:6
mac2-m1ultra metal:8:30:1:um:?:6
mac2-m2 metal:8:30:1:um:?:6
mac2-m2pro metal:8:30:1:um:?:6
p3 16xlarge:8:30:1:x:64:- 2xlarge:4:15:1:x:8:- 8xlarge:8:30:1:x:32:-
p3dn 24xlarge:15:50:1:n:96:107
p4d 24xlarge:15:50:4:n:96:62
p4de 24xlarge:15:50:4:n:96:62
p5 48xlarge:2:50:32:n:192:120 4xlarge:4:30:1:n:16:58
p5e 48xlarge:2:50:32:n:192:120
p5en 48xlarge:4:50:16:n:192:120
p6-b200 48xlarge:4:50:8:n:192:120
p6-b300 48xlarge:4:50:17:n:192:120
r3 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:- large:3:10:1:x:2:- xlarge:4:15:1:x:4:-
r4 16xlarge:15:50:1:x:64:- 2xlarge:4:15:1:x:8:- 4xlarge:8:30:1:x:16:- 8xlarge:8:30:1:x:32:- large:3:10:1:x:2:- xlarge:4:15:1:x:4:-
r5 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:120 xlarge:4:15:1:n:4:18
r5a 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
r5ad 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 xlarge:4:15:1:n:4:18
r5b 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
r5d 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
r5dn 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
r5n 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 metal:15:50:1:um:96:107 xlarge:4:15:1:n:4:18
r6a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
r6g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
r6gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
r6i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
r6id 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
r6idn 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:8:50:2:n:128:106 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:8:50:2:um:128:106 xlarge:4:15:1:n:4:18
r6in 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:8:50:2:n:128:106 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal:8:50:2:um:128:106 xlarge:4:15:1:n:4:18
r7a 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
r7g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
r7gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
r7i 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
r7iz 12xlarge:8:30:1:n:48:114 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:84 large:3:10:1:n:2:9 metal-16xl:15:50:1:um:64:107 metal-32xl:15:50:1:um:128:107 xlarge:4:15:1:n:4:18
r8a 12xlarge:12:64:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:40:1:n:8:38 48xlarge:24:64:1:n:192:98 4xlarge:8:40:1:n:16:54 8xlarge:10:40:1:n:32:82 large:3:20:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:16:64:1:um:96:106 metal-48xl:24:64:1:um:192:98 xlarge:4:20:1:n:4:18
r8g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
r8gb 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
r8gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
r8gn 12xlarge:12:30:1:n:48:50 16xlarge:16:50:1:n:64:106 24xlarge:24:50:1:n:96:98 2xlarge:4:15:1:n:8:38 48xlarge:12:50:2:n:192:98 4xlarge:8:30:1:n:16:54 8xlarge:10:30:1:n:32:52 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:24:50:1:um:96:98 metal-48xl:12:50:2:um:192:98 xlarge:4:15:1:n:4:18
r8i 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
r8i-flex 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 2xlarge:4:30:1:n:8:18 4xlarge:8:50:1:n:16:34 8xlarge:10:50:1:n:32:52 large:3:20:1:n:2:3 xlarge:4:30:1:n:4:8
r8ib 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
r8id 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
r8idb 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
r8idn 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
r8in 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:16:64:1:n:128:106 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 8xlarge:8:50:1:n:32:84 96xlarge:12:64:2:n:384:98 large:4:20:1:n:2:8 metal-48xl:24:64:1:um:192:98 metal-96xl:12:64:2:um:384:98 xlarge:4:30:1:n:4:18
t1 micro:2:2:1:x:1:-
t2 2xlarge:3:15:1:x:8:- large:3:12:1:x:2:- medium:3:6:1:x:2:- micro:2:2:1:x:1:- nano:2:2:1:x:1:- small:3:4:1:x:1:- xlarge:3:15:1:x:4:-
t3 2xlarge:4:15:1:n:8:- large:3:12:1:n:2:- medium:3:6:1:n:2:- micro:2:2:1:n:2:- nano:2:2:1:n:2:- small:3:4:1:n:2:- xlarge:4:15:1:n:4:-
t3a 2xlarge:4:15:1:n:8:- large:3:12:1:n:2:- medium:3:6:1:n:2:- micro:2:2:1:n:2:- nano:2:2:1:n:2:- small:2:4:1:n:2:- xlarge:4:15:1:n:4:-
t4g 2xlarge:4:15:1:n:8:- large:3:12:1:n:2:- medium:3:6:1:n:2:- micro:2:2:1:n:2:- nano:2:2:1:n:2:- small:3:4:1:n:2:- xlarge:4:15:1:n:4:-
trn1 2xlarge:4:15:1:n:8:17 32xlarge:5:50:8:n:128:82
trn1n 32xlarge:5:50:16:n:128:120
trn2 3xlarge:2:15:1:n:?:? 48xlarge:2:50:16:n:192:?
u-12tb1 metal:5:30:1:um:?:?
u-18tb1 metal:15:50:1:um:?:?
u-24tb1 metal:15:50:1:um:?:?
u-3tb1 56xlarge:8:30:1:n:224:6
u-6tb1 112xlarge:15:50:1:n:448:- 56xlarge:15:50:1:n:224:- metal:5:30:1:um:?:?
u-9tb1 metal:5:30:1:um:?:?
u7i-12tb 224xlarge:15:50:1:n:896:107
u7i-6tb 112xlarge:15:50:1:n:448:107
u7i-8tb 112xlarge:15:50:1:n:448:107
u7in-16tb 224xlarge:8:50:2:n:896:106
u7in-24tb 224xlarge:8:50:2:n:896:106
u7in-32tb 224xlarge:8:50:2:n:896:106
vt1 24xlarge:15:50:1:n:96:107 3xlarge:4:15:1:n:12:38 6xlarge:8:30:1:n:24:54
x1 16xlarge:8:30:1:x:64:- 32xlarge:8:30:1:x:128:-
x1e 16xlarge:8:30:1:x:64:- 2xlarge:4:15:1:x:8:- 32xlarge:8:30:1:x:128:- 4xlarge:4:15:1:x:16:- 8xlarge:4:15:1:x:32:- xlarge:3:10:1:x:4:-
x2gd 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 2xlarge:4:15:1:n:8:38 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:10 metal:15:50:1:um:64:107 xlarge:4:15:1:n:4:18
x2idn 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 32xlarge:15:50:1:n:128:107 metal:15:50:1:um:128:107
x2iedn 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:27 32xlarge:15:50:1:n:128:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:114 metal:15:50:1:um:128:107 xlarge:4:15:1:n:4:11
x2iezn 12xlarge:15:50:1:n:48:107 2xlarge:4:15:1:n:8:62 4xlarge:8:30:1:n:16:114 6xlarge:8:30:1:n:24:114 8xlarge:8:30:1:n:32:114 metal:15:50:1:um:48:107
x8aedz 12xlarge:16:64:1:n:48:106 24xlarge:16:64:1:n:96:106 3xlarge:8:40:1:n:12:34 6xlarge:8:40:1:n:24:54 large:4:20:1:n:2:8 metal-12xl:16:64:1:um:48:106 metal-24xl:16:64:1:um:96:106 xlarge:4:20:1:n:4:18
x8g 12xlarge:8:30:1:n:48:54 16xlarge:15:50:1:n:64:107 24xlarge:15:50:1:n:96:107 2xlarge:4:15:1:n:8:38 48xlarge:15:50:1:n:192:107 4xlarge:8:30:1:n:16:54 8xlarge:8:30:1:n:32:54 large:3:10:1:n:2:9 medium:2:4:1:n:1:4 metal-24xl:15:50:1:um:96:107 metal-48xl:15:50:1:um:192:107 xlarge:4:15:1:n:4:18
x8i 12xlarge:12:50:1:n:48:110 16xlarge:16:64:1:n:64:106 24xlarge:16:64:1:n:96:106 2xlarge:4:30:1:n:8:38 32xlarge:24:64:1:n:128:98 48xlarge:24:64:1:n:192:98 4xlarge:8:50:1:n:16:54 64xlarge:24:64:1:n:256:98 8xlarge:10:50:1:n:32:82 96xlarge:24:64:1:n:384:98 large:3:20:1:n:2:9 metal-48xl:24:64:1:um:192:98 metal-96xl:24:64:1:um:384:98 xlarge:4:30:1:n:4:18
z1d 12xlarge:15:50:1:n:48:107 2xlarge:4:15:1:n:8:58 3xlarge:8:30:1:n:12:54 6xlarge:8:30:1:n:24:54 large:3:10:1:n:2:13 metal:15:50:1:um:48:107 xlarge:4:15:1:n:4:28
`;
