select id as order_id, customer as customer_id, amount
from {{ source('erp', 'orders') }}
