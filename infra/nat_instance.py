"""The way out by IPv4 where a NAT gateway would cost more than everything else."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_autoscaling as autoscaling
from aws_cdk import aws_ec2 as ec2
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.security_groups import OUTSIDE_PORTS as PORTS
from infra.security_groups import Egress

Ingress = ec2.CfnSecurityGroup.IngressProperty

FORWARDING = """\
#!/bin/sh
set -e
# The package manager wants more memory than the smallest instance has.
fallocate -l 512M /swap && chmod 600 /swap && mkswap /swap && swapon /swap
dnf install -y iptables-services
echo net.ipv4.ip_forward=1 > /etc/sysctl.d/90-forwarding.conf
sysctl -p /etc/sysctl.d/90-forwarding.conf
systemctl enable --now iptables
iptables -F FORWARD
iptables -t nat -A POSTROUTING -o "$(ip -4 route show default | awk '{print $5; exit}')" -j MASQUERADE
service iptables save
"""  # noqa: E501


class NatInstance(Construct):
    """One instance in a group of one; address and routes belong to an interface that stays.

    A new instance gets the same interface, so it needs no rights to take anything over. Without it
    only those stand still who ask the outside by IPv4.
    """

    def __init__(self, scope: Construct, *, vpc: ec2.Vpc, instance: str) -> None:
        super().__init__(scope, "Nat")
        place = vpc.select_subnets(subnet_group_name="Public").subnets[0]
        self.interface = self._interface(vpc, place)
        self._address(vpc)
        self._group_of_one(self._template(instance), place.availability_zone)

    def _interface(self, vpc: ec2.Vpc, place: ec2.ISubnet) -> ec2.CfnNetworkInterface:
        ports = [{"ip_protocol": "tcp", "from_port": one, "to_port": to} for one, to in PORTS]
        group = ec2.CfnSecurityGroup(
            self,
            "Group",
            group_description="WaddleBot: the way out by IPv4",
            vpc_id=vpc.vpc_id,
            security_group_ingress=[
                Ingress(**port, cidr_ip=vpc.vpc_cidr_block, description="To be passed on")
                for port in ports
            ],
            security_group_egress=[
                Egress(**port, cidr_ip="0.0.0.0/0", description="Anybody") for port in ports
            ],
        )
        return ec2.CfnNetworkInterface(
            self,
            "Interface",
            subnet_id=place.subnet_id,
            group_set=[group.attr_group_id],
            # It passes on what is neither from it nor for it.
            source_dest_check=False,
        )

    def _address(self, vpc: ec2.Vpc) -> None:
        address = ec2.CfnEIP(self, "Address", domain="vpc")
        address.node.add_dependency(vpc.internet_connectivity_established)
        ec2.CfnEIPAssociation(
            self,
            "AddressOfInterface",
            allocation_id=address.attr_allocation_id,
            network_interface_id=self.interface.ref,
        )

    def _template(self, instance: str) -> ec2.CfnLaunchTemplate:
        image = ec2.MachineImage.latest_amazon_linux2023(cpu_type=ec2.AmazonLinuxCpuType.ARM_64)
        template = ec2.CfnLaunchTemplate
        return template(
            self,
            "Template",
            launch_template_data=template.LaunchTemplateDataProperty(
                image_id=image.get_image(self).image_id,
                instance_type=instance,
                iam_instance_profile=template.IamInstanceProfileProperty(
                    arn=self._without_rights()
                ),
                network_interfaces=[
                    template.NetworkInterfaceProperty(
                        device_index=0,
                        network_interface_id=self.interface.ref,
                        delete_on_termination=False,
                    )
                ],
                block_device_mappings=[
                    template.BlockDeviceMappingProperty(
                        device_name="/dev/xvda",
                        ebs=template.EbsProperty(volume_size=8, volume_type="gp3", encrypted=True),
                    )
                ],
                metadata_options=template.MetadataOptionsProperty(http_tokens="required"),
                user_data=cdk.Fn.base64(FORWARDING),
            ),
        )

    def _without_rights(self) -> str:
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"))
        profile = iam.CfnInstanceProfile(self, "Profile", roles=[role.role_name])
        return str(profile.attr_arn)

    def _group_of_one(self, template: ec2.CfnLaunchTemplate, zone: str) -> None:
        """A zone and no subnet: AWS wants it so where the interface is given."""
        group = autoscaling.CfnAutoScalingGroup
        group(
            self,
            "GroupOfOne",
            min_size="0",
            max_size="1",
            desired_capacity="1",
            availability_zones=[zone],
            launch_template=group.LaunchTemplateSpecificationProperty(
                launch_template_id=template.ref, version=template.attr_latest_version_number
            ),
        )
