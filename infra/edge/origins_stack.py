"""The names under which CloudFront finds the APIs, in the house's own region.

They stand before the functions: a certificate waits for its record, and a house that runs goes on
meanwhile. The APIs are led to them by the functions' stack.
"""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_route53 as route53
from constructs import Construct

from infra.edge.domain import EdgeDomain
from infra.published import construct_id


class OriginsStack(cdk.Stack):
    def __init__(self, scope: Construct, *, stage_name: str, domain: EdgeDomain) -> None:
        super().__init__(scope, f"waddlebot-{stage_name}-origins")
        certificate = certificate_of(self, domain)
        for name in (domain.origin, domain.sockets):
            label = construct_id(name.partition(".")[0])
            made = apigateway.CfnDomainName(
                self,
                label,
                domain_name=name,
                domain_name_configurations=[
                    apigateway.CfnDomainName.DomainNameConfigurationProperty(
                        certificate_arn=certificate.ref,
                        endpoint_type="REGIONAL",
                        security_policy="TLS_1_2",
                    )
                ],
            )
            lead(
                self,
                label,
                domain,
                name=name,
                to=made.attr_regional_domain_name,
                to_zone=made.attr_regional_hosted_zone_id,
                kinds=("A",),
            )


def certificate_of(stack: cdk.Stack, domain: EdgeDomain) -> acm.CfnCertificate:
    """For the name and all below it. AWS proves it by one record, the same in each region."""
    proven = acm.CfnCertificate.DomainValidationOptionProperty(
        domain_name=domain.name, hosted_zone_id=domain.zone
    )
    return acm.CfnCertificate(
        stack,
        "Certificate",
        domain_name=domain.name,
        subject_alternative_names=[domain.all_below],
        validation_method="DNS",
        domain_validation_options=[proven] if domain.zone else None,
    )


def lead(
    stack: cdk.Stack,
    label: str,
    domain: EdgeDomain,
    *,
    name: str,
    to: str,
    to_zone: str,
    kinds: tuple[str, ...],
) -> None:
    """A record for the name, or an output that says which one is to be made by hand."""
    if not domain.zone:
        cdk.CfnOutput(stack, f"{label}Record", value=f"{name} CNAME {to}")
        return
    for kind in kinds:
        route53.CfnRecordSet(
            stack,
            f"{label}{kind}",
            hosted_zone_id=domain.zone,
            name=name,
            type=kind,
            alias_target=route53.CfnRecordSet.AliasTargetProperty(
                dns_name=to, hosted_zone_id=to_zone
            ),
        )
