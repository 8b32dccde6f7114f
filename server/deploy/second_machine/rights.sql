-- A database user for the second machine: psql --file rights.sql, then \password second.
-- It reads users, and never changes one.
CREATE ROLE second LOGIN;
GRANT SELECT ON api_user, api_product, api_order, api_orderitem TO second;
GRANT INSERT, UPDATE, DELETE ON api_product, api_order, api_orderitem TO second;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO second;
