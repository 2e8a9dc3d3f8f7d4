{%- extends 'base.tpl' -%}

{%- block title -%}
The gradebook cannot be used
{%- endblock -%}

{%- block body -%}
<div class="alert alert-danger" role="alert" id="unusable">{{ line | e }}</div>
{%- endblock -%}
