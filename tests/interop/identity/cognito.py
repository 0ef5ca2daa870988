"""Makes a user pool in the Cognito that `AWS_ENDPOINT_URL` names, and signs its users in.

Prints the pool, its client, and for each user an access token and an ID token, as JSON.
"""

import json

import boto3

PASSWORD = "Correct-horse-7"
GROUPS = {"alice": "employees", "bob": "employees", "mia": "managers"}

cognito = boto3.client("cognito-idp")
pool = cognito.create_user_pool(PoolName="payroll")["UserPool"]["Id"]
client = cognito.create_user_pool_client(
    UserPoolId=pool, ClientName="agent", ExplicitAuthFlows=["ALLOW_ADMIN_USER_PASSWORD_AUTH"]
)["UserPoolClient"]["ClientId"]
for group in set(GROUPS.values()):
    cognito.create_group(UserPoolId=pool, GroupName=group)


def sign_in(user, group):
    cognito.admin_create_user(UserPoolId=pool, Username=user)
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(UserPoolId=pool, Username=user, GroupName=group)
    answer = cognito.admin_initiate_auth(
        UserPoolId=pool,
        ClientId=client,
        AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user, "PASSWORD": PASSWORD},
    )
    tokens = answer["AuthenticationResult"]
    return {"access": tokens["AccessToken"], "id": tokens["IdToken"]}


tokens = {user: sign_in(user, group) for user, group in GROUPS.items()}
print(json.dumps({"pool": pool, "client": client, "tokens": tokens}))
