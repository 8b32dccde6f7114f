"""A class: each student's machine tells how its check came out. Nobody can read it here; `manage.py step_results` prints it."""

from rest_framework import serializers, status
from rest_framework.permissions import IsAuthenticated
from rest_framework.response import Response
from rest_framework.views import APIView

from hardening.models import StepResult

MOST_CHECKS = 500


class StepResultSerializer(serializers.ModelSerializer):
    checks = serializers.IntegerField(min_value=1, max_value=MOST_CHECKS)
    passed = serializers.IntegerField(min_value=0, max_value=MOST_CHECKS)

    class Meta:
        model = StepResult
        fields = ("passed", "checks", "first_failure")

    def validate(self, attrs):
        if attrs["passed"] > attrs["checks"]:
            raise serializers.ValidationError({"passed": "No more checks can pass than there are."})
        return attrs


class StepResultView(APIView):
    """Notes the result of one step for the user of the token, in place of an earlier one."""

    permission_classes = (IsAuthenticated,)
    schema = None  # the shop's documentation is about the shop

    def put(self, request, step):
        result = StepResultSerializer(data=request.data)
        result.is_valid(raise_exception=True)
        StepResult.objects.update_or_create(user=request.user, step=int(step), defaults=result.validated_data)
        return Response(status=status.HTTP_204_NO_CONTENT)
