"""The products on sale."""

from drf_spectacular.utils import extend_schema
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response

from billing.api.serializers import ProductsSerializer
from billing.catalogue.products import products_offered
from maretech.common.http.openapi import responses
from maretech.common.http.viewsets import APIViewSet


class ProductViewSet(APIViewSet):
    """For everyone: a price may be seen before signing in."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    serializer_class = ProductsSerializer

    @extend_schema(
        operation_id="list_products", auth=[], responses=responses({200: ProductsSerializer}, signed_in=False)
    )
    def list(self, request: Request) -> Response:
        """List the products.

        Returns what can be bought, with its price in minor units. Needs no token.
        """
        return Response(self.get_serializer({"products": products_offered()}).data)
