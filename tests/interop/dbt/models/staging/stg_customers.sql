select
    id as customer_id,
    lower(email) as email,
    country
from {{ source('erp', 'customers') }}
where deleted_at is null
